# Sourced by sh scripts: find_jdk sets JDK to the home of a JDK 25 or newer, or says what to install and fails.

is_jdk() {
    [ -x "$1/bin/javac" ] && [ -x "$1/bin/jlink" ] && [ -r "$1/release" ] || return 1
    while IFS='="' read -r jdk_key _ jdk_version _; do
        if [ "$jdk_key" = JAVA_VERSION ]; then
            jdk_version=${jdk_version%%[!0-9]*}
            [ "${jdk_version:-0}" -ge 25 ]
            return
        fi
    done <"$1/release"
    return 1
}

find_jdk() {
    for JDK in "${JAVA_HOME:-}" /usr/lib/jvm/* /usr/java/* /usr/local/lib/jvm/* /opt/*jdk* /opt/java/* /opt/*/*jdk* \
        "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.local/share/mise/installs/java/* "$HOME"/.asdf/installs/java/*; do
        is_jdk "$JDK" && return 0
    done
    cat >&2 <<'END'
Sonde needs a JDK 25 or newer and found none in JAVA_HOME, /usr/lib/jvm, /opt, ~/.sdkman or ~/.jdks.
Install one, for instance with
    apt install openjdk-25-jdk-headless        (Debian, Ubuntu)
    dnf install java-25-openjdk-devel          (Fedora)
    sdk install java 25-tem                    (SDKMAN)
or unpack one from https://adoptium.net and set JAVA_HOME to it.
END
    return 1
}
