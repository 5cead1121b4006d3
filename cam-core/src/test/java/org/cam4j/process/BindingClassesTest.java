package org.cam4j.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BindingClassesTest {

    private static final String SETTING = "org.bytedeco.javacpp.loadLibraries";

    /** For each class that was initialised, whether JavaCPP would have loaded libraries then. */
    private static final List<Boolean> LOADING = new ArrayList<>();

    private static final class First {
        static {
            LOADING.add(Loader.isLoadLibraries());
        }
    }

    private static final class Second {
        static {
            LOADING.add(Loader.isLoadLibraries());
        }
    }

    private static final class Third {
        static {
            LOADING.add(Loader.isLoadLibraries());
        }
    }

    private static final class Failing {
        static {
            LOADING.add(Loader.isLoadLibraries());
            fail();
        }

        private static void fail() {
            throw new IllegalStateException("for a test");
        }
    }

    @AfterEach
    void asBefore() {
        LOADING.clear();
        System.clearProperty(BindingClasses.ALONE);
        System.clearProperty(SETTING);
    }

    @Test
    void aProgramThatUsesJavaCppForNothingElseInitialisesClassesWithoutLooking() {
        System.setProperty(BindingClasses.ALONE, "true");

        BindingClasses.initialize(List.of(First.class));

        assertThat(LOADING).containsExactly(false);
        assertThat(System.getProperty(SETTING)).isNull();
        assertThat(Loader.isLoadLibraries()).isTrue();
    }

    @Test
    void inOtherProgramsJavaCppGoesOnLoading() {
        BindingClasses.initialize(List.of(Second.class));

        assertThat(LOADING).isEmpty();
    }

    /** From the first libraries on, threads of ND4J may load more at any time. */
    @Test
    void onlyTheFirstLibrariesOfAProcessAreFollowedByTheirClasses() {
        System.setProperty(BindingClasses.ALONE, "true");
        NativeCache.load(() -> {});

        NativeCache.load(() -> {}, List.of(Third.class));

        assertThat(LOADING).isEmpty();
    }

    @Test
    void theProgramsOwnSettingStandsAfterwardsEvenIfAClassFails() {
        System.setProperty(BindingClasses.ALONE, "true");
        System.setProperty(SETTING, "t");

        assertThat(catchThrowable(() -> BindingClasses.initialize(List.of(Failing.class))))
                .isInstanceOf(ExceptionInInitializerError.class);

        assertThat(LOADING).containsExactly(false);
        assertThat(System.getProperty(SETTING)).isEqualTo("t");
    }
}
