#!/bin/sh
# image.sh SOURCE OUT: makes OUT/image, a Java runtime with Sonde in it and an AOT cache, from the project at SOURCE.
# Everything happens in a directory of its own; the finished image is put in place by a rename.
set -eu
source=$1
out=$2
. "$source/packaging/jdk.sh"
find_jdk
command -v mvn >/dev/null || { echo "Sonde is built with Maven; install it, for instance with: apt install maven" >&2; exit 1; }

mkdir -p "$out"
work=$(mktemp -d "$out/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
step() { echo "sonde: $*" >&2; }
run() {
    "$@" >"$work/log" 2>&1 </dev/null || { step "the build failed:"; grep -v '^\[ERROR\] *$\|^WARNING\|Help 1\|re-run Maven' "$work/log" | tail -n 30 >&2; exit 1; }
}

touch "$work/stamp"
step "building with $JDK (half a minute, this once)"
mkdir -p "$work/source/core/src"
cp "$source/pom.xml" "$work/source/"
cp "$source/core/pom.xml" "$work/source/core/"
cp -R "$source/core/src/main" "$work/source/core/src/"
JAVA_HOME=$JDK run mvn -q -B -f "$work/source/pom.xml" -Dmaven.test.skip=true package
classes=$work/source/core/target/classes
run "$JDK/bin/java" "$source/packaging/PlainSwitches.java" "$classes"
options="-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:Tier3BackEdgeThreshold=5000 -XX:-UsePerfData -XX:-UseContainerSupport -Xms16m -Xmn8m -Xmx512m"
run "$JDK/bin/jlink" --module-path "$work/source/core/target/modules:$classes" --add-modules dev.sonde \
    --strip-debug --no-header-files --no-man-pages --output "$work/image" \
    --add-options="$options --enable-native-access=dev.sonde -Djdk.reflect.useNativeAccessorOnly=true"

# A run of listings and of a script that uses much of Sonde tells the virtual machine what to prepare. Without the privilege to trace it gets as far as it may.
step "preparing a quick start"
java="$work/image/bin/java"
train() { "$java" "$@" -m dev.sonde/dev.sonde.cli.Training "$source/packaging/training.bt" >"$work/log" 2>&1 </dev/null || true; }
# The shapes of method handles that the run meets are added to those of the list from which the virtual machine makes its own.
train -Djava.lang.invoke.MethodHandle.TRACE_RESOLVE=true
sed -n 's/^\(\[[A-Z]*_RESOLVE\] java\.lang\.invoke\.[[:alnum:]_$ ]*\) (.*/@lambda-form-invoker \1/p' "$work/log" | sort -u >>"$work/image/lib/classlist"
train -XX:AOTCacheOutput="$work/sonde.aot"
if [ -s "$work/sonde.aot" ]; then
    # In the place of the default archive the cache needs no option; a virtual machine that does not take it there gets it by its path.
    archive="$work/image/lib/server/classes.jsa"
    mv "$work/sonde.aot" "$archive"
    "$java" -Xlog:class+load -m dev.sonde/dev.sonde.cli.Main -V 2>/dev/null | grep -q 'dev\.sonde\.cli\.Main source: shared objects file' \
        || mv "$archive" "$work/image/lib/sonde.aot"
else
    step "no AOT cache could be made; Sonde will start slowly:"
    tail -n 5 "$work/log" >&2
fi
mv "$work/stamp" "$work/image/stamp"

# A Sonde that is running may still use the image before this one: it stays until the next build.
former=$(readlink "$out/image" || true)
final=image.$$
rm -rf "${out:?}/$final"
mv "$work/image" "$out/$final"
ln -s "$final" "$work/link"
mv -T "$work/link" "$out/image" 2>/dev/null || { rm -f "$out/image"; mv "$work/link" "$out/image"; }
for old in "$out"/image.*; do
    case ${old##*/} in
        "$final" | "$former") ;;
        *) rm -rf "$old" ;;
    esac
done
