package dev.sonde.linux;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Names of users, from {@code /etc/passwd} (passwd(5)). Users that only a directory service knows have none. */
public final class Users {
    private final String file;
    private Map<Integer, String> names;

    /** The users of this machine; the file is read when the first name is asked for. */
    public Users() {
        this("/etc/passwd");
    }

    Users(String file) {
        this.file = file;
    }

    /** The name of user {@code uid}, read as unsigned. */
    public synchronized Optional<String> name(int uid) {
        if (names == null) {
            names = read(PseudoFile.text(file).orElse(""));
        }
        return Optional.ofNullable(names.get(uid));
    }

    /** Lines {@code name:password:uid:...}; of several with one uid the first holds. */
    private static Map<Integer, String> read(String text) {
        Map<Integer, String> names = new HashMap<>();
        Lines lines = new Lines(text);
        for (String line = lines.next(); line != null; line = lines.next()) {
            int name = line.indexOf(':');
            int uid = line.indexOf(':', name + 1) + 1;
            int end = line.indexOf(':', uid);
            if (name > 0 && uid > 0 && end > uid && end - uid <= 10 && isNumber(line, uid, end)) {
                names.putIfAbsent((int) Long.parseLong(line, uid, end, 10), line.substring(0, name));
            }
        }
        return names;
    }

    private static boolean isNumber(String line, int from, int to) {
        for (int i = from; i < to; i++) {
            if (line.charAt(i) < '0' || line.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }
}
