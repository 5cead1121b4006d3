#!/usr/bin/env bash
# Tests cam4j as applications get it: projects that have the documentation's snippets as their dependencies and nothing of this build.
# Each reads pictures of every format and explains them. Run after 'mvn package' or 'mvn verify'. Works in target/consumers; downloads
# what the machine's repository lacks. Without gradle its part is skipped, or fails if CI is set.
set -euo pipefail
cd "$(dirname "$0")"
top=$(cd ../.. && pwd)
work=$top/cam-examples/target/consumers
installed=${HOME}/.m2/repository
pictures=$top/cam-core/src/test/resources/photos
keras=$top/cam-core/src/test/resources/keras/models/mini_gap/k3.h5
known=$top/cam-examples/target/runtime-classpath.txt
version=$(sed -n 's:^  <version>\(.*\)</version>$:\1:p' "$top/pom.xml")
java=${JAVA_HOME:+$JAVA_HOME/bin/}
kotlin=2.2.21
scala=3.3.7

fail() {
    echo "consumers: $*" >&2
    exit 1
}

# A local repository of its own: cam4j of this build, and links to whatever else the machine has.
repository=$work/repository
rm -rf "$work"
mkdir -p "$repository/org/cam4j" "$installed/org"
for entry in "$installed"/*; do
    [ "${entry##*/}" = org ] || ln -s "$entry" "$repository/"
done
for entry in "$installed"/org/*; do
    [ "${entry##*/}" = cam4j ] || ln -s "$entry" "$repository/org/"
done

install() { # install ARTIFACT POM [JAR]
    local home=$repository/org/cam4j/$1/$version
    mkdir -p "$home"
    cp "$2" "$home/$1-$version.pom"
    [ $# -lt 3 ] || cp "$3" "$home/$1-$version.jar"
}
jar=$top/cam-core/target/cam-core-$version.jar
[ -f "$jar" ] && [ -f "$known" ] || fail "there is no $jar or no $known: run 'mvn package' first."
install cam4j-parent "$top/pom.xml"
install cam-core "$top/cam-core/pom.xml" "$jar"
install cam-bom "$top/cam-bom/pom.xml"
for pom in "$top"/cam-natives/*/pom.xml "$top"/cam-prepared/*/pom.xml; do
    platform=$(basename "$(dirname "$pom")")
    install "$(basename "$(dirname "$(dirname "$pom")")")-$platform" "$pom"
done

# snippet LANGUAGE WORD PAGE: the page's first block in the language that has the word.
snippet() {
    awk -v language="$1" -v word="$2" '
         $0 == "```" language {block = ""; inside = 1; next}
         /^```/ {if (inside && index(block, word)) {printf "%s", block; found = 1; exit}; inside = 0}
         inside {block = block $0 "\n"}
         END {exit !found}' "$3" || fail "$3 has no block of $1 with '$2'."
}

# project TEMPLATE FILE SNIPPET: fills a template in; the snippet's platform becomes this machine's.
platform=$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m)
project() {
    mkdir -p "$(dirname "$2")"
    sed "s/linux-x86_64/$platform/" "$3" > "$2.snippet"
    sed -e "s/@NAME@/$(basename "$(dirname "$2")")/" -e "/@DEPENDENCIES@/{r $2.snippet
d}" "$1" > "$2"
}

maven() { # maven POM ARGUMENTS...: without the network if that is enough
    local pom=$1
    shift
    mvn -o -q -B -ntp -f "$pom" "-Dmaven.repo.local=$repository" "$@" > "$pom.log" 2>&1 ||
        mvn -q -B -ntp -f "$pom" "-Dmaven.repo.local=$repository" "$@" > "$pom.log" 2>&1 ||
        { cat "$pom.log" >&2; fail "$pom cannot be built."; }
}

classpath() { # classpath POM: prints the project's class path
    maven "$1" org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath \
        -DexcludeTypes=pom "-Dmdep.outputFile=$1.classpath"
    cat "$1.classpath"
}

# tool NAME GROUP:ARTIFACT:VERSION: prints the class path of a compiler.
tool() {
    IFS=: read -r group artifact number <<< "$2"
    echo "<dependency><groupId>$group</groupId><artifactId>$artifact</artifactId><version>$number</version></dependency>" > "$work/$1.xml"
    project maven.template.xml "$work/$1/pom.xml" "$work/$1.xml"
    classpath "$work/$1/pom.xml"
}

# Every jar must be one that the build's own tests ran with.
compare() { # compare NAME CLASSPATH
    local entry
    for entry in ${2//:/ }; do
        case ${entry##*/} in
            cam-core-*) ;;
            *) grep -q "/${entry##*/}\(:\|\$\)" "$known" ||
                fail "$1 resolves ${entry##*/}, with which no test of the build runs: declare its version in cam-core/pom.xml." ;;
        esac
    done
    echo "  the jars are those of the build's tests"
}

compile() { # compile FOLDER CLASSPATH SOURCES...
    local folder=$1 path=$2
    shift 2
    mkdir -p "$folder"
    "${java}javac" -Werror -Xlint:all,-classfile,-path -encoding UTF-8 -d "$folder" -cp "$path" "$@"
}

run() { # run NAME CLASSPATH MAIN ARGUMENTS...
    local name=$1 path=$2
    shift 2
    "${java}java" -Xmx512m -Djava.awt.headless=true -cp "$path" "$@" || fail "$name does not work as it is told to the reader."
}

echo "Maven, with the README's dependencies:"
snippet xml cam-core "$top/README.md" > "$work/readme.xml"
project maven.template.xml "$work/readme/pom.xml" "$work/readme.xml"
readme=$(classpath "$work/readme/pom.xml")
compare readme "$readme"
compile "$work/readme/classes" "$readme" java/Photos.java java/FromKeras.java
run readme "$work/readme/classes:$readme" FromKeras "$keras" "$pictures" "$work/model.cam4j"

echo "Maven, the quickstart's project and program:"
mkdir -p "$work/quickstart/src/main/java"
demo=$top/cam-examples/demo
cp "$demo"/efficientnet-lite0-imagenet.* "$demo/imagenet_labels.txt" "$demo/photos/koala.jpg" "$work/quickstart/"
snippet xml "<artifactId>explain</artifactId>" "$top/docs/quickstart.md" | sed "s/linux-x86_64/$platform/" > "$work/quickstart/pom.xml"
snippet java "class Explain" "$top/docs/quickstart.md" > "$work/quickstart/src/main/java/Explain.java"
(cd "$work/quickstart" && maven "$PWD/pom.xml" compile exec:java)
[ -s "$work/quickstart/koala-cam.png" ] || fail "the quickstart's program draws nothing."
echo "  koala.jpg is explained"

if [ "$platform" = linux-x86_64 ]; then
    echo "Maven, with the few jars of docs/deployment.md:"
    snippet xml cam-prepared "$top/docs/deployment.md" > "$work/prepared.xml"
    project maven.template.xml "$work/prepared/pom.xml" "$work/prepared.xml"
    prepared=$(classpath "$work/prepared/pom.xml")
    compare prepared "$prepared"
    compile "$work/prepared/classes" "$prepared" java/Photos.java java/FromPrepared.java
    run prepared "$work/prepared/classes:$prepared" FromPrepared "$work/model.cam4j" "$pictures"
fi

# A Gradle of its own home; offline if that is enough.
gradle_run() { # gradle_run PROJECT TASK ARGUMENTS
    local call=(gradle --no-daemon -q -p "$1" -g "$work/gradle-home" "-PREPOSITORY=file://$repository" "-PARGUMENTS=$3" "$2")
    GRADLE_OPTS=-Xmx256m "${call[@]}" --offline 2> "$1/offline.log" ||
        GRADLE_OPTS=-Xmx256m "${call[@]}" >&2 || fail "$1 does not work as it is told to the reader."
}
if command -v gradle > /dev/null; then
    echo "Gradle $(gradle --version 2> /dev/null | sed -n 's/^Gradle //p'), with the README's dependencies:"
    snippet groovy cam-core "$top/README.md" > "$work/gradle.groovy"
    project gradle/build.gradle "$work/gradle/build.gradle" "$work/gradle.groovy"
    mkdir -p "$work/gradle/src/main/java"
    cp java/Photos.java java/FromKeras.java "$work/gradle/src/main/java/"
    gradle_run "$work/gradle" explain "$keras;$pictures;$work/gradle.cam4j"
    gradle_run "$work/gradle" classpath none > "$work/gradle/classpath.txt"
    compare gradle "$(cat "$work/gradle/classpath.txt")"
elif [ -n "${CI:-}" ]; then
    fail "there is no gradle on the PATH."
else
    echo "Gradle: skipped, it is not on the PATH"
fi

echo "Spring Boot, one jar with jars inside (cam-examples/spring):"
mkdir -p "$work/spring"
cp -r "$top/cam-examples/spring/pom.xml" "$top/cam-examples/spring/src" "$work/spring/"
maven "$work/spring/pom.xml" "-Dcam4j.version=$version" "-Dcam4j.platform=$platform" \
    "-Dmodel=$top/cam-examples/demo/efficientnet-lite0-imagenet.h5" "-Dphotos=$pictures" verify
grep -h '^  ' "$work/spring/pom.xml.log" || fail "the Spring Boot service was not tested."

echo "Kotlin $kotlin:"
compiler=$(tool kotlin org.jetbrains.kotlin:kotlin-compiler-embeddable:$kotlin)
snippet kotlin ClassActivationMapper "$top/docs/quickstart.md" > "$work/kotlin/Snippet.kt"
"${java}java" -cp "$compiler" org.jetbrains.kotlin.cli.jvm.K2JVMCompiler -no-stdlib -no-reflect -Werror -d "$work/kotlin/classes" \
    -cp "$work/readme/classes:$readme:$compiler" kotlin/FromKotlin.kt "$work/kotlin/Snippet.kt" || fail "the Kotlin does not compile."
run kotlin "$work/kotlin/classes:$work/readme/classes:$readme:$compiler" FromKotlinKt "$keras" "$pictures"

echo "Scala $scala:"
compiler=$(tool scala org.scala-lang:scala3-compiler_3:$scala)
snippet scala ClassActivationMapper "$top/docs/quickstart.md" > "$work/scala/Snippet.scala"
mkdir -p "$work/scala/classes"
"${java}java" -cp "$compiler" dotty.tools.dotc.Main -Werror -d "$work/scala/classes" \
    -classpath "$work/readme/classes:$readme:$compiler" scala/FromScala.scala "$work/scala/Snippet.scala" || fail "the Scala does not compile."
run scala "$work/scala/classes:$work/readme/classes:$readme:$compiler" FromScala "$keras" "$pictures"
