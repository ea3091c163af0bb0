package dev.sonde.sys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SignalDescriptorTest {
    /** A number whose descriptor is free in the virtual machine of the tests; nothing else sends this signal. */
    private static final int SIGRTMAX = 64;

    private static void send() throws IOException, InterruptedException {
        long pid = ProcessHandle.current().pid();
        assertThat(new ProcessBuilder("kill", "-" + SIGRTMAX, Long.toString(pid)).start().waitFor()).isZero();
    }

    @Test
    void signalsMakeItReadable() throws IOException, InterruptedException {
        Kernel kernel = LinuxKernel.open();
        try (SignalDescriptor signal = SignalDescriptor.open(kernel, SIGRTMAX); Epoll epoll = Epoll.open(kernel)) {
            assertThat(signal.fd().number()).isEqualTo(SIGRTMAX);
            epoll.add(signal.fd(), 5);
            assertThat(epoll.await(0)).isZero();
            for (int i = 0; i < 3; i++) {
                send();
                assertThat(epoll.await(5000)).isEqualTo(1);
                assertThat(epoll.token(0)).isEqualTo(5);
                signal.take();
                assertThat(epoll.await(0)).isZero();
            }
        }
    }

    @Test
    void aDescriptorInUseIsNotTaken() {
        Kernel kernel = LinuxKernel.open();
        try (SignalDescriptor first = SignalDescriptor.open(kernel, SIGRTMAX)) {
            assertThat(first).isNotNull();
            assertThat(SignalDescriptor.open(kernel, SIGRTMAX)).isNull();
        }
    }

    @Test
    void aDescriptorThatCameWithTheProcessIsThereAgainAfterwards() throws IOException {
        Kernel kernel = LinuxKernel.open();
        Path inherited = Path.of("/proc/self/fd/" + SIGRTMAX);
        try (Fd file = Fd.from(kernel, new Syscall.OpenAt("/proc/version", 0));
                Fd passedOn = Fd.from(kernel, new SignalDescriptor.Duplicate(file.number(), SIGRTMAX, 0))) {
            assertThat(passedOn.number()).isEqualTo(SIGRTMAX);
            try (SignalDescriptor signal = SignalDescriptor.open(kernel, SIGRTMAX)) {
                assertThat(signal.fd().number()).isEqualTo(SIGRTMAX);
                assertThat(Files.readSymbolicLink(inherited)).hasToString("anon_inode:[eventfd]");
            }
            assertThat(Files.readSymbolicLink(inherited)).hasToString(Files.readSymbolicLink(Path.of("/proc/self/fd/" + file.number())).toString());
        }
    }
}
