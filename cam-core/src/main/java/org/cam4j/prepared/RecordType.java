package org.cam4j.prepared;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A record as it is written: its components one after the other.
 *
 * @param name the class's simple name
 * @param components in the order of their declaration
 * @param constructor the canonical one, which checks the values
 * @param signature names and types of the components; a file is read only if its own are the same
 */
record RecordType(String name, List<RecordComponent> components, Constructor<?> constructor, String signature) {

    static RecordType of(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return new RecordType(
                    type.getSimpleName(),
                    List.of(components),
                    type.getDeclaredConstructor(types),
                    Arrays.stream(components)
                            .map(component -> name(component.getGenericType()) + " " + component.getName())
                            .collect(Collectors.joining(", ")));
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(type + " has no canonical constructor", e);
        }
    }

    /** Without packages, which say nothing about the bytes. */
    private static String name(Type type) {
        return type.getTypeName().replaceAll("[\\w.]+\\.(?=\\w)", "");
    }

    /** The records that a sealed interface stands for. */
    static List<Class<?>> leaves(Class<?> sealed) {
        List<Class<?>> leaves = new ArrayList<>();
        for (Class<?> permitted : sealed.getPermittedSubclasses()) {
            if (permitted.isRecord()) {
                leaves.add(permitted);
            } else {
                leaves.addAll(leaves(permitted));
            }
        }
        return leaves;
    }

    Object value(RecordComponent component, Object holder) {
        try {
            return component.getAccessor().invoke(holder);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(name + "." + component.getName() + " cannot be read", e);
        }
    }

    /**
     * Makes a record.
     *
     * @throws IllegalArgumentException if the record refuses the values
     */
    Object make(Object[] values) {
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException refusal) {
                throw new IllegalArgumentException(refusal.getMessage(), refusal);
            }
            throw new IllegalStateException(name + " cannot be made", e);
        } catch (InstantiationException | IllegalAccessException e) {
            throw new IllegalStateException(name + " cannot be made", e);
        }
    }
}
