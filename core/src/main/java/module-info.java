/** Dynamic tracing of production Linux from the JVM: bpftrace scripts, compiled to eBPF and run. It exports nothing; its only door is its command. */
module dev.sonde {
    requires org.tukaani.xz;
}
