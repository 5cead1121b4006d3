package org.cam4j.dl4j.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.net.URL;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.cam4j.dl4j.layers.CellAffineVertex;
import org.cam4j.dl4j.layers.ChannelAffineVertex;
import org.cam4j.dl4j.layers.ChannelSliceVertex;
import org.cam4j.dl4j.layers.ReductionVertex;
import org.cam4j.testing.TestNetworks;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KerasTermsTest {

    /** What cam4j makes of Keras' layers itself. */
    static Stream<Class<?>> plannedClasses() {
        URL library = PlannedVertex.class.getProtectionDomain().getCodeSource().getLocation();
        return new ClassFileImporter()
                .importUrl(library).stream()
                        .filter(found -> found.isAssignableTo(PlannedVertex.class))
                        .filter(found -> !found.getModifiers().contains(JavaModifier.ABSTRACT))
                        .map(JavaClass::reflect);
    }

    @Test
    void thePlannedClassesAreFound() {
        assertThat(plannedClasses()).contains(CellAffineVertex.class, ReductionVertex.class);
    }

    @ParameterizedTest
    @MethodSource("plannedClasses")
    void everyLayerOfOursSaysWhatKerasCallsIt(Class<?> planned) throws NoSuchMethodException {
        assertThat(planned.getMethod("kerasClass").getDeclaringClass())
                .as("who says what Keras calls a %s", planned.getSimpleName())
                .isNotEqualTo(PlannedVertex.class);
    }

    static Stream<Arguments> vertices() {
        float[] row = {1, 2};
        return Stream.of(
                Arguments.of(new CellAffineVertex(new int[] {1, 2, 1}, row, row), "Normalization 'named'"),
                Arguments.of(new ReductionVertex(ReductionVertex.Kind.AVERAGE, 3), "Mean 'named'"),
                Arguments.of(new ReductionVertex(ReductionVertex.Kind.MAXIMUM, 3), "Max 'named'"),
                Arguments.of(new ChannelSliceVertex(0, 2), "GetItem 'named'"));
    }

    @ParameterizedTest
    @MethodSource("vertices")
    void messagesNameAVertexInTheWordsOfKeras(GraphVertex vertex, String words) {
        ComputationGraphConfiguration configuration = new ComputationGraphConfiguration();
        configuration.getVertices().put("named", vertex);

        assertThat(KerasTerms.of(configuration, "named")).isEqualTo(words);
    }

    @Test
    void messagesNameAVertexInTheWordsOfTheFile() {
        ComputationGraphConfiguration configuration =
                TestNetworks.gap(CNN2DFormat.NHWC).getConfiguration();
        configuration.getVertices().put("scaled", new ChannelAffineVertex(new float[] {2}, new float[] {1}));
        configuration.getVertices().put("part", new ChannelSliceVertex(0, 2));
        KerasTerms terms = new KerasTerms(
                configuration,
                new KnownLayers(
                        OptionalInt.empty(),
                        Map.of("conv3", "Dense", "scaled", "Normalization", "part", "cam4j:ChannelSlice"),
                        Map.of()));

        assertThat(terms.of("conv3")).isEqualTo("Dense 'conv3'");
        assertThat(terms.of("scaled")).isEqualTo("Normalization 'scaled'");
        assertThat(terms.of("part")).isEqualTo("GetItem 'part'");
        assertThat(terms.of("predictions")).isEqualTo("Dense 'predictions'");
    }

    @Test
    void messagesNameConvolutionsAndDenseLayersInTheWordsOfKeras() {
        ComputationGraphConfiguration configuration =
                TestNetworks.gap(CNN2DFormat.NHWC).getConfiguration();

        assertThat(KerasTerms.of(configuration, "conv3")).isEqualTo("Conv2D 'conv3'");
        assertThat(KerasTerms.of(configuration, "predictions")).isEqualTo("Dense 'predictions'");
        assertThat(KerasTerms.of(configuration, "image")).isEqualTo("the input 'image'");
    }
}
