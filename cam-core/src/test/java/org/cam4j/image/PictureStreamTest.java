package org.cam4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import javax.imageio.IIOException;
import org.junit.jupiter.api.Test;

class PictureStreamTest {

    @Test
    void bytesBitsAndPositionsAreThoseOfTheArray() throws IOException {
        try (PictureStream stream = new PictureStream(new byte[] {1, (byte) 0x9f, 3, 4, 5})) {
            assertThat(stream.length()).isEqualTo(5);
            assertThat(stream.readUnsignedByte()).isEqualTo(1);
            assertThat(stream.readBits(4)).isEqualTo(9);
            assertThat(stream.readBits(4)).isEqualTo(15);
            assertThat(stream.readUnsignedByte()).isEqualTo(3);
            byte[] rest = new byte[4];
            assertThat(stream.read(rest, 1, 3)).isEqualTo(2);
            assertThat(rest).containsExactly(0, 4, 5, 0);
            assertThat(stream.read()).isEqualTo(-1);
            assertThatThrownBy(stream::readInt).isInstanceOf(EOFException.class);
            stream.seek(3);
            assertThat(stream.readShort()).isEqualTo((short) 0x0405);
        }
    }

    @Test
    void aDecoderThatIgnoresTheEndIsStopped() throws IOException {
        try (PictureStream stream = new PictureStream(new byte[] {1})) {
            assertThatThrownBy(() -> {
                        while (true) {
                            assertThat(stream.read()).isLessThan(2);
                        }
                    })
                    .isInstanceOf(IIOException.class)
                    .hasMessageContaining("ends after 1 bytes");
        }
    }
}
