package org.cam4j.process;

import java.util.List;

/**
 * Initialises JavaCPP's classes whose native libraries are loaded. Each of them would by itself make JavaCPP look for the libraries in their
 * jars once more, a millisecond each; JavaCPP has a setting that stops this, but for the whole process. So this is done only if the
 * process's program says that it uses JavaCPP for nothing but cam4j.
 */
public final class BindingClasses {

    /** The system property by which a program says so: {@code true}. */
    public static final String ALONE = "org.cam4j.javacpp.alone";

    private static final String SETTING = "org.bytedeco.javacpp.loadLibraries";

    private BindingClasses() {}

    static void initialize(List<Class<?>> bindings) {
        if (!Boolean.getBoolean(ALONE)) {
            return;
        }
        String given = System.getProperty(SETTING);
        System.setProperty(SETTING, "false");
        try {
            for (Class<?> binding : bindings) {
                Class.forName(binding.getName(), true, binding.getClassLoader());
            }
        } catch (ClassNotFoundException e) {
            throw new LinkageError(e.getMessage(), e);
        } finally {
            if (given == null) {
                System.clearProperty(SETTING);
            } else {
                System.setProperty(SETTING, given);
            }
        }
    }
}
