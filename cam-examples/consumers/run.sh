#!/usr/bin/env bash
# Tests cam-core as applications get it: projects that have the documentation's snippets as their POM and nothing of this build.
# Run after 'mvn package' or 'mvn verify'. Works in target/consumers; downloads what the machine's repository lacks.
set -euo pipefail
cd "$(dirname "$0")"
top=$(cd ../.. && pwd)
work=$top/cam-examples/target/consumers
installed=${HOME}/.m2/repository
pictures=$top/cam-core/src/test/resources/photos
version=$(sed -n 's:^  <version>\(.*\)</version>$:\1:p' "$top/pom.xml")
java=${JAVA_HOME:+$JAVA_HOME/bin/}

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
[ -f "$jar" ] || fail "there is no $jar: run 'mvn package' first."
install cam4j-parent "$top/pom.xml"
install cam-core "$top/cam-core/pom.xml" "$jar"

# The first block of XML in a page that names cam-core.
snippet() {
    awk '/^```xml/ {block = ""; inside = 1; next}
         /^```/ {if (inside && block ~ /<artifactId>cam-core</) {printf "%s", block; exit}; inside = 0}
         inside {block = block $0 "\n"}' "$1"
}

classpath() { # classpath NAME PAGE: makes the project NAME and prints its class path
    local project=$work/$1
    mkdir -p "$project"
    snippet "$2" > "$project/snippet.xml"
    grep -q cam-core "$project/snippet.xml" || fail "$2 has no block of XML that names cam-core."
    sed -e "s/@NAME@/$1/" -e "/@DEPENDENCIES@/{r $project/snippet.xml
d}" pom.template.xml > "$project/pom.xml"
    local resolve=(-q -B -ntp -f "$project/pom.xml" "-Dmaven.repo.local=$repository"
        org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath "-Dmdep.outputFile=$project/classpath.txt")
    mvn -o "${resolve[@]}" > "$project/offline.log" 2>&1 || mvn "${resolve[@]}" >&2 || fail "the POM of $1 cannot be resolved."
    cat "$project/classpath.txt"
}

# Every jar must be one that the build's own tests ran with.
compare() { # compare NAME CLASSPATH
    local known=$top/cam-examples/target/runtime-classpath.txt entry
    [ -f "$known" ] || fail "there is no $known: run 'mvn package' first."
    for entry in ${2//:/ }; do
        case ${entry##*/} in
            cam-core-*) ;;
            *) grep -q "/${entry##*/}\(:\|\$\)" "$known" ||
                fail "$1 resolves ${entry##*/}, with which no test of the build runs: declare its version in cam-core/pom.xml." ;;
        esac
    done
    echo "  the jars are those of the build's tests"
}

run() { # run NAME CLASSPATH MAIN ARGUMENTS...
    local name=$1 path=$2 main=$3
    shift 3
    mkdir -p "$work/$name/classes"
    "${java}javac" -Werror -Xlint:all,-classfile,-path -encoding UTF-8 -d "$work/$name/classes" -cp "$path" src/Photos.java "src/$main.java"
    "${java}java" -Xmx512m -Djava.awt.headless=true -cp "$work/$name/classes:$path" "$main" "$@" ||
        fail "$name does not work as it is told to the reader."
}

echo "An application with the README's dependencies:"
readme=$(classpath readme "$top/README.md")
compare readme "$readme"
run readme "$readme" FromKeras "$top/cam-core/src/test/resources/keras/models/mini_gap/k3.h5" "$pictures" "$work/model.cam4j"

if [ "$(uname -s)-$(uname -m)" = Linux-x86_64 ]; then
    echo "An application with the few jars of docs/deployment.md:"
    prepared=$(classpath prepared "$top/docs/deployment.md")
    compare prepared "$prepared"
    run prepared "$prepared" FromPrepared "$work/model.cam4j" "$pictures"
fi
