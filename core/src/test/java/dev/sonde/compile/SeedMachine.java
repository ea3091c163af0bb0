package dev.sonde.compile;

import dev.sonde.target.RecordedTarget;
import dev.sonde.target.Target;
import dev.sonde.target.TracepointFormat;
import dev.sonde.target.TracepointFormat.Dynamic;
import dev.sonde.target.TracepointFormat.Field;
import dev.sonde.target.TracepointName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A recorded machine that an Envoy runs on: the system calls and functions that scripts about its sockets name, with the types of this kernel. */
final class SeedMachine {
    static final Path TYPES = Path.of("/sys/kernel/btf/vmlinux");
    static final int PROCESS = 42;
    private static final String ENVOY = "/proc/" + PROCESS + "/root/usr/local/bin/envoy";

    private SeedMachine() {}

    static Target target() throws IOException {
        RecordedTarget.Builder target = RecordedTarget.builder().btf(Files.readAllBytes(TYPES)).kernelFunction("vmlinux", "inet_csk_accept", 0x1000)
                .tracepoint(enter("setsockopt", "int fd", "int level", "int optname", "char * optval", "int optlen"))
                .tracepoint(enter("bind", "int fd", "struct sockaddr * umyaddr", "int addrlen"))
                .tracepoint(enter("accept4", "int fd", "struct sockaddr * upeer_sockaddr", "int * upeer_addrlen", "int flags"))
                .tracepoint(enter("close", "unsigned int fd"))
                .tracepoint(enter("epoll_ctl", "int epfd", "int op", "int fd", "struct epoll_event * event"))
                .tracepoint(enter("epoll_wait", "int epfd", "struct epoll_event * events", "int maxevents", "int timeout"))
                .tracepoint(exit("accept4")).tracepoint(exit("epoll_wait"));
        return target.binary(EveryProbe.binary(ENVOY,
                "_ZZN5Envoy5Event13FileEventImpl12assignEventsEjP10event_baseEN3$_18__invokeEisPv",
                "_ZN5Envoy5Event13FileEventImpl12assignEventsEjP10event_base",
                "_ZN5Envoy10Extensions15ListenerFilters12TlsInspector6ConfigD2Ev",
                "_ZN5Envoy7Network20ConnectionSocketImpl32setRequestedApplicationProtocolsERKSt6vectorIN4absl11string_viewESaIS4_EE",
                "_ZN5Envoy10StreamInfo14StreamInfoImpl18setFilterChainNameEN4absl11string_viewE")).build();
    }

    private static TracepointFormat enter(String call, String... parameters) {
        List<Field> fields = new ArrayList<>(List.of(new Field("int", "__syscall_nr", 0, 8, 4, true, Dynamic.NONE)));
        for (String parameter : parameters) {
            int space = parameter.lastIndexOf(' ');
            fields.add(new Field(parameter.substring(0, space), parameter.substring(space + 1), 0, 8 + 8 * fields.size(), 8, false, Dynamic.NONE));
        }
        return new TracepointFormat(new TracepointName("syscalls", "sys_enter_" + call), call.length(), fields);
    }

    private static TracepointFormat exit(String call) {
        return new TracepointFormat(new TracepointName("syscalls", "sys_exit_" + call), 100 + call.length(), List.of(
                new Field("int", "__syscall_nr", 0, 8, 4, true, Dynamic.NONE), new Field("long", "ret", 0, 16, 8, true, Dynamic.NONE)));
    }
}
