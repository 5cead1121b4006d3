package org.cam4j;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The storeys of the house: a package uses those named here and nothing else of cam4j. */
class ArchitectureTest {

    private static final String ROOT = "org.cam4j";

    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            // Basement.
            Map.entry("exception", Set.of()),
            Map.entry("file", Set.of()),
            // Engine room.
            Map.entry("plan", Set.of()),
            Map.entry("layers", Set.of("graph", "plan")),
            Map.entry("engine", Set.of("exception", "plan")),
            Map.entry("graph", Set.of("exception", "plan")),
            Map.entry("keras", Set.of("exception", "graph", "layers")),
            Map.entry("image", Set.of("exception", "plan")),
            Map.entry("prepared", Set.of("exception", "file", "plan", "engine", "image")),
            // Front door.
            Map.entry("", Set.of("exception", "file", "plan", "engine", "graph", "keras", "image", "prepared")),
            // Living rooms.
            Map.entry("localization", Set.of("", "exception", "image")),
            Map.entry("evaluation", Set.of("", "exception", "file", "image", "localization")),
            Map.entry("render", Set.of("", "exception", "file", "image", "localization")),
            Map.entry("training", Set.of("", "exception", "file", "engine", "graph", "keras", "image")));

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @Test
    void everyRoomUsesOnlyWhatTheTableAllows() {
        Set<String> wrong = new TreeSet<>();
        for (JavaClass user : HOUSE) {
            String room = room(user);
            assertThat(MAY_USE).as("the room of %s", user.getName()).containsKey(room);
            for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
                JavaClass used = dependency.getTargetClass();
                if (used.getPackageName().startsWith(ROOT)
                        && !room(used).equals(room)
                        && !MAY_USE.get(room).contains(room(used))) {
                    wrong.add(dependency.getDescription());
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(HOUSE.size()).isGreaterThan(20);
    }

    @Test
    void noRoomsDependOnEachOtherInACircle() {
        slices().matching("org.cam4j.(*)..").should().beFreeOfCycles().check(HOUSE);
    }

    private static String room(JavaClass member) {
        String name = member.getPackageName();
        if (name.equals(ROOT)) {
            return "";
        }
        String below = name.substring(ROOT.length() + 1);
        return below.contains(".") ? below.substring(0, below.indexOf('.')) : below;
    }
}
