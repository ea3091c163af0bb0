package dev.sonde.linux;
import dev.sonde.sys.*;
import dev.sonde.target.*;
import dev.sonde.btf.Btf;
import java.util.*;
import java.nio.file.*;
import java.lang.foreign.*;
public class Scratch {
    public static void main(String[] a) throws Exception {
        long t=System.nanoTime();
        Btf btf = Btf.read(MemorySegment.ofArray(Files.readAllBytes(Path.of("/sys/kernel/btf/vmlinux"))));
        System.out.println("btf "+(System.nanoTime()-t)/1000);
        Features f=new Features(LinuxKernel.open(), System.getProperty("os.version"), () -> Optional.of(btf));
        for (Feature x: Feature.values()) { t=System.nanoTime(); boolean b=f.has(x); System.out.println(x+" "+b+" "+(System.nanoTime()-t)/1000+" us"); }
        f=new Features(LinuxKernel.open(), "4.4.0", () -> Optional.of(btf));
        for (Feature x: Feature.values()) System.out.print(x+"="+f.has(x)+" ");
        System.out.println();
        t=System.nanoTime();
        Kallsyms k=Kallsyms.read();
        System.out.println(k.size()+" kallsyms "+(System.nanoTime()-t)/1000);
        t=System.nanoTime();
        long ad=k.address("vfs_read").getAsLong();
        System.out.println(Long.toHexString(ad)+" "+(System.nanoTime()-t)/1000+" "+k.lookup(ad+5));
        Tracefs fs=Tracefs.find(LinuxKernel.open());
        t=System.nanoTime();
        System.out.println(fs.tracepoints("*","*").size()+" "+(System.nanoTime()-t)/1000);
        fs=Tracefs.detached(LinuxKernel.open());
        t=System.nanoTime();
        System.out.println(fs.problem()+fs.tracepoints("*","*").size()+" "+(System.nanoTime()-t)/1000);
        System.out.println(fs.format(new TracepointName("sched","sched_switch")));
        fs.close();
    }
}
