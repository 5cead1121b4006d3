package org.cam4j.render.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ColormapTest {

    /** The digests are printed by src/test/python/render_resources.py. */
    @ParameterizedTest
    @CsvSource({
        "TURBO,   c4ae9ddb8a7f13561562fe15fd276fb55ab04e194786c39edfb2ef2cc0929b2b",
        "VIRIDIS, 18545f7c72a02f02a54f2e3f6ff9dcf357e0190ab9117a1f8fae44c6eaf179e0",
        "JET,     41c345f3af6f2b383461c86c3fefd86ddf7e9575c2d8dabf447fe8168c0f7ebe",
        "INFERNO, e24e8bd38b972989f64c42856b2b274df5ada3a62bc01bf8e83500a2ea938ad4",
        "GREY,    72432263dbfe17abc40ed269f24c7a344e077e3671007dfc8a2f3851f8193dc2",
    })
    void all256ColoursAreMatplotlibs(Colormap colormap, String sha256) throws NoSuchAlgorithmException {
        byte[] bytes = new byte[256 * 3];
        for (int i = 0; i < 256; i++) {
            int rgb = colormap.rgb((i + 0.5) / 256);
            bytes[3 * i] = (byte) (rgb >> 16);
            bytes[3 * i + 1] = (byte) (rgb >> 8);
            bytes[3 * i + 2] = (byte) rgb;
        }

        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)))
                .isEqualTo(sha256);
    }

    /** As published: turbo's table by its author, the others as hexadecimal colours in matplotlib's documentation. */
    @ParameterizedTest
    @CsvSource({
        "TURBO,   30123B, 7A0403",
        "VIRIDIS, 440154, FDE725",
        "JET,     000080, 800000",
        "INFERNO, 000004, FCFFA4",
        "GREY,    000000, FFFFFF",
    })
    void endsAreThePublishedColours(Colormap colormap, String first, String last) {
        assertThat(colormap.rgb(0)).isEqualTo(HexFormat.fromHexDigits(first));
        assertThat(colormap.rgb(1)).isEqualTo(HexFormat.fromHexDigits(last));
    }

    @Test
    void stepsAreOf256thParts() {
        assertThat(Colormap.GREY.rgb(1 / 256.0)).isEqualTo(0x010101);
        assertThat(Colormap.GREY.rgb(Math.nextDown(1 / 256.0))).isEqualTo(0x000000);
        assertThat(Colormap.GREY.rgb(0.5)).isEqualTo(0x808080);
    }

    @ParameterizedTest
    @EnumSource
    void valuesBeyondTheEndsHaveTheEndsColours(Colormap colormap) {
        assertThat(colormap.rgb(-0.1)).isEqualTo(colormap.rgb(0));
        assertThat(colormap.rgb(Double.NEGATIVE_INFINITY)).isEqualTo(colormap.rgb(0));
        assertThat(colormap.rgb(1.1)).isEqualTo(colormap.rgb(1));
        assertThat(colormap.rgb(Double.POSITIVE_INFINITY)).isEqualTo(colormap.rgb(1));
    }

    @Test
    void notANumberIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Colormap.TURBO.rgb(Double.NaN))
                .withMessageContaining("NaN has no colour");
    }
}
