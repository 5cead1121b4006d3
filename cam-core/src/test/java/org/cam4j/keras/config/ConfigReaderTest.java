package org.cam4j.keras.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.keras.kind.LayerKinds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {

    private static final ConfigLimits LIMITS = new ConfigLimits(32 << 20, 200, 5_000);

    @Test
    void layersAreInTopologicalOrderWhateverTheirOrderInTheFile() {
        LayerGraph graph = read("""
                {'class_name': 'Functional', 'config': {'layers': [
                  {'class_name': 'Add', 'config': {'name': 'sum'}, 'inbound_nodes': [[['b', 0, 0, {}], ['a', 0, 0, {}]]]},
                  {'class_name': 'ReLU', 'config': {'name': 'b'}, 'inbound_nodes': [[['a', 0, 0, {}]]]},
                  {'class_name': 'InputLayer', 'config': {'name': 'a'}, 'inbound_nodes': []}],
                 'input_layers': [['a', 0, 0]], 'output_layers': [['sum', 0, 0]]}}
                """);

        assertThat(graph.nodes()).extracting(LayerNode::name).containsExactly("a", "b", "sum");
        assertThat(graph.nodes().get(2).inputs()).containsExactly("b", "a");
        assertThat(graph.outputs()).containsExactly("sum");
    }

    @Test
    void layerThatIsCalledTwiceIsTwoNodesWithTheSameWeights() {
        LayerGraph graph = read("""
                {'class_name': 'Functional', 'config': {'layers': [
                  {'class_name': 'InputLayer', 'config': {'name': 'a'}, 'inbound_nodes': []},
                  {'class_name': 'Conv2D', 'config': {'name': 'c'},
                   'inbound_nodes': [[['a', 0, 0, {}]], [['c', 0, 0, {}]]]},
                  {'class_name': 'InputLayer', 'config': {'name': 'c_1'}, 'inbound_nodes': []}],
                 'input_layers': [['a', 0, 0], ['c_1', 0, 0]], 'output_layers': [['c', 1, 0]]}}
                """);

        assertThat(graph.nodes()).extracting(LayerNode::name).containsExactlyInAnyOrder("a", "c", "c_1", "c_2");
        LayerNode second = graph.nodes().get(3);
        assertThat(second.name()).isEqualTo("c_2");
        assertThat(second.inputs()).containsExactly("c");
        assertThat(second.weights()).isEqualTo(graph.nodes().get(2).weights());
        assertThat(graph.outputs()).containsExactly("c_2");
    }

    @Test
    void layerWithOneCallIsFoundByAnyNumber() {
        LayerGraph graph = read("""
                {'class_name': 'Model', 'config': {'layers': [
                  {'class_name': 'InputLayer', 'config': {'name': 'a'}, 'inbound_nodes': []},
                  {'class_name': 'ReLU', 'config': {'name': 'b'}, 'inbound_nodes': [[['a', 1, 0, {}]]]}],
                 'input_layers': [['a', 0, 0]], 'output_layers': [['b', 3, 0]]}}
                """);

        assertThat(graph.outputs()).containsExactly("b");
    }

    @Test
    void sequentialModelIsAChain() {
        LayerGraph graph = read("""
                {'class_name': 'Sequential', 'config': [
                  {'class_name': 'Conv2D', 'config': {'name': 'c', 'batch_input_shape': [null, 8, 8, 3]}},
                  {'class_name': 'ReLU', 'config': {'name': 'r'}}]}
                """);

        assertThat(graph.nodes()).extracting(LayerNode::name).containsExactly("c_input", "c", "r");
        assertThat(graph.nodes().get(0).className()).isEqualTo("InputLayer");
        assertThat(graph.inputs()).containsExactly("c_input");
        assertThat(graph.outputs()).containsExactly("r");
    }

    @Test
    void subclassedModelIsRefused() {
        assertThatThrownBy(() -> read("{'class_name': 'Panda', 'config': {}}"))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("'Panda'")
                .hasMessageContaining("keras.Sequential");
    }

    @Test
    void layerThatIsCalledAsInTrainingIsRefused() {
        assertThatThrownBy(() -> read("""
                        {'class_name': 'Functional', 'config': {'layers': [
                          {'class_name': 'InputLayer', 'config': {'name': 'a'}, 'inbound_nodes': []},
                          {'class_name': 'Dropout', 'config': {'name': 'd'},
                           'inbound_nodes': [[['a', 0, 0, {'training': true}]]]}],
                         'input_layers': [['a', 0, 0]], 'output_layers': [['d', 0, 0]]}}
                        """))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("training=True on the output of 'a'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[1, 2] | it has no class_name",
                "{'class_name': 'Sequential', 'config': {'layers': []}} | it has no layers",
                "{'class_name': 'Sequential', 'config': {'layers': [{'class_name': 'ReLU'}]}} | layer 0 has no class_name",
                "{'class_name': 'Sequential', 'config': [{'class_name': 'ReLU', 'config': {'name': 'r'}}]} | the input's shape",
                "{'class_name': 'Functional', 'config': {'layers': [{'class_name': 'InputLayer', 'config': {'name': 'a'}}]}}"
                        + " | it has no input layers",
                "{'class_name': 'Functional', 'config': {'layers': [{'class_name': 'InputLayer', 'config': {'name': 'a'}}],"
                        + " 'input_layers': [['', 0, 0]], 'output_layers': [['a', 0, 0]]}} | it has no input layers",
                "{'class_name': 'Functional'} trailing | no JSON within the limits"
            })
    void damagedConfigurationIsRefused(String json, String expected) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining(expected);
    }

    @Test
    void configurationBeyondTheLimitsIsRefused() {
        assertThatThrownBy(() -> tree("[".repeat(100_000)))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("depth 200");
        assertThatThrownBy(() -> tree("[" + "{},".repeat(3_000_000) + "{}]"))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("Token count");
        assertThatThrownBy(() -> tree(" ".repeat(LIMITS.bytes() + 1)))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("33554433 characters");
    }

    private static LayerGraph read(String json) {
        return ModelInlining.of(tree(json.replace('\'', '"')), LIMITS.layers());
    }

    private static ModelTree tree(String json) {
        return ConfigReader.read(
                new Architecture(json, Optional.empty()), List.of(), LIMITS, LayerKinds::isLayerWithoutSettings);
    }
}
