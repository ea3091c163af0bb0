package dev.sonde.testing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * What a program finds when it runs: the current task, the clocks, user and kernel memory, stacks. Every setter returns the scene. Times are
 * nanoseconds.
 */
public final class Scene {
    int pid = 1000;
    int tid = 1000;
    int uid;
    int gid;
    byte[] comm = "test".getBytes(StandardCharsets.UTF_8);
    int cpu;
    int cpus = 4;
    int numaNode;
    long monotonic = 1_000_000_000L;
    long boot = 2_000_000_000L;
    long tai = 3_000_000_000L;
    long clockStep;
    long jiffies = 4_294_967_296L;
    long task = 0xffff_8880_0000_1000L;
    long cgroup = 1;
    long cookie;
    long functionIp;
    long socketCookie;
    long[] userStack = {};
    long[] kernelStack = {};
    long[] arguments = {};
    Optional<Long> result = Optional.empty();
    Optional<PidNamespace> namespace = Optional.empty();
    byte[] taskRegisters = new byte[168];
    boolean directKernelLoads;
    final Random random = new Random(1);
    final AddressBytes user = new AddressBytes();
    final AddressBytes kernel = new AddressBytes();
    final Map<Long, String> paths = new HashMap<>();

    record PidNamespace(long device, long inode, int pid, int tid) {}

    /** The process id (tgid) and thread id in the initial namespace. */
    public Scene pid(int process, int thread) {
        pid = process;
        tid = thread;
        return this;
    }

    public Scene uid(int user, int group) {
        uid = user;
        gid = group;
        return this;
    }

    /** The task's name; the kernel keeps 15 bytes. */
    public Scene comm(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        comm = Arrays.copyOf(bytes, Math.min(bytes.length, 15));
        return this;
    }

    /** The CPU it runs on and how many there are. */
    public Scene cpu(int current, int count) {
        cpu = current;
        cpus = count;
        return this;
    }

    public Scene numaNode(int node) {
        numaNode = node;
        return this;
    }

    public Scene clocks(long monotonicNs, long bootNs, long taiNs) {
        monotonic = monotonicNs;
        boot = bootNs;
        tai = taiNs;
        return this;
    }

    /** How far each reading of a clock moves all of them. */
    public Scene clockStep(long ns) {
        clockStep = ns;
        return this;
    }

    public Scene jiffies(long value) {
        jiffies = value;
        return this;
    }

    /** The address of the current task_struct. */
    public Scene task(long address) {
        task = address;
        return this;
    }

    public Scene cgroup(long id) {
        cgroup = id;
        return this;
    }

    public Scene cookie(long value) {
        cookie = value;
        return this;
    }

    public Scene functionIp(long address) {
        functionIp = address;
        return this;
    }

    public Scene socketCookie(long value) {
        socketCookie = value;
        return this;
    }

    /** User memory at an address. */
    public Scene user(long address, byte[] bytes) {
        user.put(address, bytes.clone());
        return this;
    }

    /** A string with its NUL in user memory. */
    public Scene user(long address, String text) {
        return user(address, (text + "\0").getBytes(StandardCharsets.UTF_8));
    }

    /** Kernel memory at an address. */
    public Scene kernel(long address, byte[] bytes) {
        kernel.put(address, bytes.clone());
        return this;
    }

    /** A string with its NUL in kernel memory. */
    public Scene kernel(long address, String text) {
        return kernel(address, (text + "\0").getBytes(StandardCharsets.UTF_8));
    }

    /** Addresses of the user stack, innermost first. */
    public Scene userStack(long... addresses) {
        userStack = addresses.clone();
        return this;
    }

    /** Addresses of the kernel stack, innermost first. */
    public Scene kernelStack(long... addresses) {
        kernelStack = addresses.clone();
        return this;
    }

    /** Arguments of the function that a trampoline program is attached to. */
    public Scene arguments(long... values) {
        arguments = values.clone();
        return this;
    }

    /** Result of that function; unset in programs at its entry. */
    public Scene result(long value) {
        result = Optional.of(value);
        return this;
    }

    /** The task's ids in the pid namespace of that device and inode. */
    public Scene pidNamespace(long device, long inode, int process, int thread) {
        namespace = Optional.of(new PidNamespace(device, inode, process, thread));
        return this;
    }

    /** The struct pt_regs of the current task in user mode. */
    public Scene taskRegisters(byte[] registers) {
        taskRegisters = registers.clone();
        return this;
    }

    /** What bpf_d_path says of the struct path at an address. */
    public Scene path(long address, String text) {
        paths.put(address, text);
        return this;
    }

    /** Lets the program load from kernel addresses itself, as from BTF-typed pointers; a load that faults gives 0. */
    public Scene directKernelLoads() {
        directKernelLoads = true;
        return this;
    }

    /** User memory as it is now. */
    public Optional<byte[]> userBytes(long address, int size) {
        return user.read(address, size);
    }

    void passTime() {
        monotonic += clockStep;
        boot += clockStep;
        tai += clockStep;
    }
}
