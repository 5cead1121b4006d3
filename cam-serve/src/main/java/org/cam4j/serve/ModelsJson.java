package org.cam4j.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.cam4j.ClassActivationMapper;
import org.cam4j.ModelSummary;
import org.cam4j.explain.Methods;
import org.cam4j.render.picture.Colormap;

/** What {@code GET /model} tells: the models, what can be asked of them, and the limits. */
final class ModelsJson {

    private ModelsJson() {}

    static Answer of(Collection<ServedModel> models, Limits limits) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", ClassActivationMapper.version());
        ArrayNode all = json.putArray("models");
        models.forEach(model -> write(model, all.addObject()));
        write(Methods.names(), json.putArray("methods"));
        write(
                Methods.names().stream()
                        .filter(name -> !Methods.takesLayer(name))
                        .toList(),
                json.putArray("methodsWithoutLayer"));
        json.putObject("limits")
                .put("uploadBytes", limits.uploadBytes())
                .put("maps", limits.maps())
                .put("milliseconds", limits.requestTime().toMillis());
        ObjectNode colormaps = json.putObject("colormaps");
        for (Colormap colormap : Colormap.values()) {
            ArrayNode colours = colormaps.putArray(colormap.name().toLowerCase(Locale.ROOT));
            for (int colour : colormap.table()) {
                colours.add(colour);
            }
        }
        return Answer.json(json.toString());
    }

    private static void write(ServedModel model, ObjectNode json) {
        ClassActivationMapper mapper = model.mapper();
        ModelSummary summary = mapper.summary();
        json.put("name", model.name());
        json.put("file", summary.model());
        json.put("engine", mapper.engine());
        json.put("preparation", String.valueOf(mapper.preparation().orElseThrow()));
        json.putArray("input")
                .add(summary.inputHeight())
                .add(summary.inputWidth())
                .add(summary.inputChannels());
        json.put("targetLayer", summary.features());
        write(mapper.layers(), json.putArray("layers"));
        write(mapper.labels().names(), json.putArray("classes"));
    }

    private static void write(List<String> texts, ArrayNode json) {
        texts.forEach(json::add);
    }
}
