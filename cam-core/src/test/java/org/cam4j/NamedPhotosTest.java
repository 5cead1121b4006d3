package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.cam4j.image.Preprocessing;
import org.cam4j.testing.PlannedNetworks;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.junit.jupiter.api.Test;

/** Many photos that are no files. */
class NamedPhotosTest {

    private static byte[] photo() throws Exception {
        return Files.readAllBytes(Path.of(
                NamedPhotosTest.class.getResource("/photos/colour444.jpg").toURI()));
    }

    private static ClassActivationMapper mapper() {
        return ClassActivationMapper.of(PlannedNetworks.VGG.graph(CNN2DFormat.NHWC))
                .inputSize(PlannedNetworks.HEIGHT, PlannedNetworks.WIDTH)
                .preprocessing(Preprocessing.TF)
                .build();
    }

    @Test
    void photosInMemoryHaveTheResultsOfTheirFilesUnderTheirNamesAndFailAlone() throws Exception {
        byte[] photo = photo();
        try (ClassActivationMapper mapper = mapper();
                Stream<PhotoResult> results = mapper.explainNamed(Stream.of(
                        NamedPhoto.of("first", photo),
                        NamedPhoto.of("no picture", new byte[] {1, 2, 3}),
                        new NamedPhoto("unreachable", () -> {
                            throw new UncheckedIOException(new IOException("the store is closed"));
                        }),
                        NamedPhoto.of("first", photo)))) {
            List<PhotoResult> all = results.toList();

            assertThat(all)
                    .extracting(result -> result.photo().toString())
                    .containsExactly("first", "no picture", "unreachable", "first");
            float[] expected = mapper.explain(photo, "first").map().toArray();
            for (int i : new int[] {0, 3}) {
                Explanation explanation = ((PhotoResult.Explained) all.get(i)).explanation();
                assertThat(explanation.name()).isEqualTo("first");
                assertThat(explanation.map().toArray()).containsExactly(expected);
            }
            assertThat(((PhotoResult.Failed) all.get(1)).reason()).hasMessageContaining("no picture");
            assertThat(((PhotoResult.Failed) all.get(2)).reason())
                    .hasMessageContainingAll("'unreachable'", "the store is closed");
        }
    }

    @Test
    void eachStreamIsOpenedOnceAndClosed() throws Exception {
        byte[] photo = photo();
        AtomicInteger open = new AtomicInteger();
        AtomicInteger opened = new AtomicInteger();
        try (ClassActivationMapper mapper = mapper();
                Stream<PhotoResult> results = mapper.explainNamed(Stream.of("a", "b", "c")
                        .map(name -> new NamedPhoto(name, () -> {
                            open.incrementAndGet();
                            opened.incrementAndGet();
                            return new ByteArrayInputStream(photo) {
                                @Override
                                public void close() {
                                    open.decrementAndGet();
                                }
                            };
                        })))) {
            assertThat(results).hasSize(3).allMatch(PhotoResult.Explained.class::isInstance);
        }
        assertThat(opened).hasValue(3);
        assertThat(open).hasValue(0);
    }

    @Test
    void aNameThatIsNoPathIsOneInTheResult() {
        assertThat(new NamedPhoto("a\0b.jpg", InputStream::nullInputStream).path())
                .isEqualTo(Path.of("a_b.jpg"));
    }
}
