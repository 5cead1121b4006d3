package org.cam4j.spark;

import java.util.List;
import org.cam4j.Labels;

/** Classes as users name them. */
final class ClassNames {

    private ClassNames() {}

    /**
     * Finds classes: by name, or by index if no class has the number as its name.
     *
     * @return one index for each
     * @throws IllegalArgumentException if there is no such class
     */
    static int[] indices(List<String> classes, Labels labels) {
        return classes.stream().mapToInt(name -> index(name, labels)).toArray();
    }

    private static int index(String name, Labels labels) {
        if (name.matches("[0-9]{1,9}") && !labels.names().contains(name)) {
            int index = Integer.parseInt(name);
            if (index >= labels.size()) {
                throw new IllegalArgumentException("class " + index + " is out of range: the model's classes are 0 to "
                        + (labels.size() - 1) + ".");
            }
            return index;
        }
        return labels.indexOf(name);
    }
}
