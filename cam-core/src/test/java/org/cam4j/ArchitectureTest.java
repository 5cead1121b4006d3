package org.cam4j;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The house as CONTRIBUTING.md draws it: a room uses those that its row of the table names, and nothing else of cam4j. */
class ArchitectureTest {

    private static final String ROOT = "org.cam4j";

    /** {@code | storey | `room` | holds | `used`, `used` | adapter |}. */
    private static final Pattern ROW =
            Pattern.compile("\\|[^|]*\\| `([\\w.]+)` \\|[^|]+\\|([^|]*)\\|([^|]*)\\|", Pattern.MULTILINE);

    private static final Pattern NAME = Pattern.compile("`([\\w.]+)`");

    private static final Map<String, Room> ROOMS = rooms();

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    /**
     * A row of the table.
     *
     * @param uses the rooms that this one may use
     * @param isAdapter whether it may use ND4J and DL4J
     */
    private record Room(Set<String> uses, boolean isAdapter) {}

    @Test
    void everyRoomUsesOnlyWhatTheTableAllows() {
        Set<String> wrong = new TreeSet<>();
        for (JavaClass user : HOUSE) {
            String room = user.getPackageName();
            assertThat(ROOMS).as("the room of %s", user.getName()).containsKey(room);
            for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
                String used = dependency.getTargetClass().getPackageName();
                boolean isForeign = used.startsWith("org.nd4j") || used.startsWith("org.deeplearning4j");
                boolean isOurs = used.startsWith(ROOT) && !used.equals(room);
                if ((isForeign && !ROOMS.get(room).isAdapter())
                        || (isOurs && !ROOMS.get(room).uses().contains(used))) {
                    wrong.add(dependency.getDescription());
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(HOUSE.size()).isGreaterThan(20);
    }

    @Test
    void theTableNamesNoRoomThatIsNotThere() {
        Set<String> there = HOUSE.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
        assertThat(there).containsAll(ROOMS.keySet());
        ROOMS.values().forEach(room -> assertThat(there).containsAll(room.uses()));
    }

    @Test
    void noRoomsDependOnEachOtherInACircle() {
        slices().assignedFrom(new EveryPackage()).should().beFreeOfCycles().check(HOUSE);
    }

    private static final class EveryPackage implements SliceAssignment {

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass member) {
            return member.getPackageName().startsWith(ROOT)
                    ? SliceIdentifier.of(member.getPackageName())
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "rooms";
        }
    }

    private static Map<String, Room> rooms() {
        Map<String, Room> rooms = new LinkedHashMap<>();
        try {
            Matcher row = ROW.matcher(Files.readString(Path.of("..", "CONTRIBUTING.md")));
            while (row.find()) {
                Set<String> uses = NAME.matcher(row.group(2))
                        .results()
                        .map(name -> full(name.group(1)))
                        .collect(Collectors.toSet());
                rooms.put(
                        full(row.group(1)),
                        new Room(uses, List.of("yes").contains(row.group(3).strip())));
            }
        } catch (IOException e) {
            throw new IllegalStateException("CONTRIBUTING.md is read from the module's folder", e);
        }
        return rooms;
    }

    private static String full(String room) {
        return room.startsWith(ROOT) ? room : ROOT + "." + room;
    }
}
