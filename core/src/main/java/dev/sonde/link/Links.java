package dev.sonde.link;

import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramSpec;
import dev.sonde.sys.BpfProgram;
import dev.sonde.sys.Fd;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * Attaches and detaches many probes. The kernel spends most of the time of either waiting for every CPU to pass a safe point, and several threads can
 * wait at once.
 */
public final class Links {
    /** Up to here the threads cost more than they save. */
    private static final int FEW = 16;
    private static final int THREADS = 8;

    private Links() {}

    /** One attachment to make. */
    public record Job(BpfProgram program, ProgramSpec spec, AttachSpec place) {}

    /** Attaches all, in order when they are few; what came of each, in the order given. */
    public static List<Attempt> attach(Attacher attacher, List<Job> jobs) {
        Attempt[] attempts = new Attempt[jobs.size()];
        int[] order = order(jobs);
        each(jobs.size(), FEW, n -> {
            int i = order[n];
            Job job = jobs.get(i);
            attempts[i] = attacher.attach(job.program(), job.spec(), job.place());
        });
        return List.of(attempts);
    }

    /**
     * Uprobes backwards among themselves: the kernel runs the one that was registered last first, and scripts expect the order they are written in.
     */
    private static int[] order(List<Job> jobs) {
        int[] order = new int[jobs.size()];
        int last = jobs.size();
        for (int n = 0; n < order.length; n++) {
            order[n] = n;
            if (isUprobe(jobs.get(n))) {
                do {
                    last--;
                } while (!isUprobe(jobs.get(last)));
                order[n] = last;
            }
        }
        return order;
    }

    private static boolean isUprobe(Job job) {
        return job.place() instanceof AttachSpec.Uprobe || job.place() instanceof AttachSpec.UprobeMulti;
    }

    /** Detaches all: none of the programs runs any more when this returns. What the kernel is slow to give back is kept for {@link #close}. */
    public static void detach(List<Link> links) {
        List<Fd> parts = new ArrayList<>();
        for (Link link : links) {
            link.parts().unpin();
            parts.addAll(link.parts().attachments());
        }
        each(parts.size(), FEW, i -> parts.get(i).close());
    }

    /** Detaches all and gives back everything. */
    public static void close(List<Link> links) {
        detach(links);
        List<Fd> parts = new ArrayList<>();
        for (Link link : links) {
            parts.addAll(link.parts().events());
        }
        each(parts.size(), 1, i -> parts.get(i).close());
    }

    /** Does {@code work} for 0 to {@code count}-1, on several threads when there are more than {@code few}. */
    private static void each(int count, int few, IntConsumer work) {
        AtomicInteger next = new AtomicInteger();
        Runnable worker = () -> {
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                work.accept(i);
            }
        };
        List<Thread> threads = new ArrayList<>();
        for (int i = 1; i < Math.min(THREADS, count) && count > few; i++) {
            threads.add(Thread.ofPlatform().daemon().name("links").start(worker));
        }
        worker.run();
        for (Thread thread : threads) {
            join(thread);
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
