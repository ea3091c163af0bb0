package dev.sonde.linux;
import dev.sonde.btf.*;
import java.io.*;
import java.nio.channels.*;
import java.nio.file.*;
import java.lang.foreign.*;
public class Scratch2 {
    public static void main(String[] a) throws Exception {
        if (a.length>1) new dev.sonde.sys.Syscall.GetPid(); dev.sonde.sys.LinuxKernel.open().invoke(new dev.sonde.sys.Syscall.GetPid());
 long t0=System.nanoTime();
        MemorySegment m; 
        if (a[0].equals("nio")) m=MemorySegment.ofArray(Files.readAllBytes(Path.of("/sys/kernel/btf/vmlinux")));
        else if (a[0].equals("io")) { byte[] b=new byte[(int)new File("/sys/kernel/btf/vmlinux").length()]; try (FileInputStream in=new FileInputStream("/sys/kernel/btf/vmlinux")) { int n=0; while (n<b.length) { int r=in.read(b,n,b.length-n); if (r<=0) break; n+=r; } } m=MemorySegment.ofArray(b); }
        else m=dev.sonde.sys.MappedMemory.ofFile(dev.sonde.sys.LinuxKernel.open(),"/sys/kernel/btf/vmlinux",new File("/sys/kernel/btf/vmlinux").length()).segment();
        long t1=System.nanoTime();
        Btf b=Btf.read(m);
        long t2=System.nanoTime();
        b.struct("task_struct");
        long t3=System.nanoTime();
        b.function("vfs_read");
        long t4=System.nanoTime();
        System.out.println(a[0]+" read "+(t1-t0)/1000+" open "+(t2-t1)/1000+" struct "+(t3-t2)/1000+" func "+(t4-t3)/1000);
    }
}
