package dev.sonde.builtins;

import dev.sonde.target.Architecture;
import java.util.ArrayList;
import java.util.List;

/** Names of error numbers (errno.h), signals (signal(7)) and system calls (asm/unistd.h), each table a text that is taken apart when it is first needed. */
final class NumberTables {
    /** From 0 on; nothing for numbers that no error has. */
    private static final String ERRORS = """
            Success;Operation not permitted;No such file or directory;No such process;Interrupted system call;I/O error;
            No such device or address;Argument list too long;Exec format error;Bad file number;No child processes;
            Try again (operation would block);Out of memory;Permission denied;Bad address;Block device required;Device or resource busy;
            File exists;Cross-device link;No such device;Not a directory;Is a directory;Invalid argument;File table overflow;
            Too many open files;Not a typewriter;Text file busy;File too large;No space left on device;Illegal seek;Read-only file system;
            Too many links;Broken pipe;Math argument out of domain of func;Math result not representable;Resource deadlock would occur;
            File name too long;No record locks available;Invalid system call number;Directory not empty;
            Too many symbolic links encountered;;No message of desired type;Identifier removed;Channel number out of range;
            Level 2 not synchronized;Level 3 halted;Level 3 reset;Link number out of range;Protocol driver not attached;
            No CSI structure available;Level 2 halted;Invalid exchange;Invalid request descriptor;Exchange full;No anode;
            Invalid request code;Invalid slot;;Bad font file format;Device not a stream;No data available;Timer expired;
            Out of streams resources;Machine is not on the network;Package not installed;Object is remote;Link has been severed;
            Advertise error;Srmount error;Communication error on send;Protocol error;Multihop attempted;RFS specific error;
            Not a data message;Value too large for defined data type;Name not unique on network;File descriptor in bad state;
            Remote address changed;Can not access a needed shared library;Accessing a corrupted shared library;
            .lib section in a.out corrupted;Attempting to link in too many shared libraries;Cannot exec a shared library directly;
            Illegal byte sequence;Interrupted system call should be restarted;Streams pipe error;Too many users;
            Socket operation on non-socket;Destination address required;Message too long;Protocol wrong type for socket;
            Protocol not available;Protocol not supported;Socket type not supported;Operation not supported on transport endpoint;
            Protocol family not supported;Address family not supported by protocol;Address already in use;Cannot assign requested address;
            Network is down;Network is unreachable;Network dropped connection because of reset;Software caused connection abort;
            Connection reset by peer;No buffer space available;Transport endpoint is already connected;Transport endpoint is not connected;
            Cannot send after transport endpoint shutdown;Too many references: cannot splice;Connection timed out;Connection refused;
            Host is down;No route to host;Operation already in progress;Operation now in progress;Stale file handle;
            Structure needs cleaning;Not a XENIX named type file;No XENIX semaphores available;Is a named type file;Remote I/O error;
            Quota exceeded;No medium found;Wrong medium type;Operation Canceled;Required key not available;Key has expired;
            Key has been revoked;Key was rejected by service;Owner died;State not recoverable;Operation not possible due to RF-kill;
            Memory page has hardware error;
            """;
    /** From 1 on. */
    private static final String SIGNALS = """
            Hangup;Interrupt;Quit;Illegal instruction;Trace/breakpoint trap;Aborted;Bus error;Floating point exception;Killed;
            User defined signal 1;Segmentation fault;User defined signal 2;Broken pipe;Alarm clock;Terminated;Stack fault;Child exited;
            Continued;Stopped (signal);Stopped;Stopped (tty input);Stopped (tty output);Urgent I/O condition;CPU time limit exceeded;
            File size limit exceeded;Virtual timer expired;Profiling timer expired;Window changed;I/O possible;Power failure;
            Bad system call;
            """;
    /** From 0 on; {@code @N} goes on at N. */
    private static final String X86_64 = """
            read write open close stat fstat lstat poll lseek mmap mprotect munmap brk rt_sigaction rt_sigprocmask rt_sigreturn ioctl pread64
            pwrite64 readv writev access pipe select sched_yield mremap msync mincore madvise shmget shmat shmctl dup dup2 pause nanosleep
            getitimer alarm setitimer getpid sendfile socket connect accept sendto recvfrom sendmsg recvmsg shutdown bind listen getsockname
            getpeername socketpair setsockopt getsockopt clone fork vfork execve exit wait4 kill uname semget semop semctl shmdt msgget msgsnd
            msgrcv msgctl fcntl flock fsync fdatasync truncate ftruncate getdents getcwd chdir fchdir rename mkdir rmdir creat link unlink
            symlink readlink chmod fchmod chown fchown lchown umask gettimeofday getrlimit getrusage sysinfo times ptrace getuid syslog getgid
            setuid setgid geteuid getegid setpgid getppid getpgrp setsid setreuid setregid getgroups setgroups setresuid getresuid setresgid
            getresgid getpgid setfsuid setfsgid getsid capget capset rt_sigpending rt_sigtimedwait rt_sigqueueinfo rt_sigsuspend sigaltstack
            utime mknod uselib personality ustat statfs fstatfs sysfs getpriority setpriority sched_setparam sched_getparam sched_setscheduler
            sched_getscheduler sched_get_priority_max sched_get_priority_min sched_rr_get_interval mlock munlock mlockall munlockall vhangup
            modify_ldt pivot_root _sysctl prctl arch_prctl adjtimex setrlimit chroot sync acct settimeofday mount umount2 swapon swapoff reboot
            sethostname setdomainname iopl ioperm create_module init_module delete_module get_kernel_syms query_module quotactl nfsservctl
            getpmsg putpmsg afs_syscall tuxcall security gettid readahead setxattr lsetxattr fsetxattr getxattr lgetxattr fgetxattr listxattr
            llistxattr flistxattr removexattr lremovexattr fremovexattr tkill time futex sched_setaffinity sched_getaffinity set_thread_area
            io_setup io_destroy io_getevents io_submit io_cancel get_thread_area lookup_dcookie epoll_create epoll_ctl_old epoll_wait_old
            remap_file_pages getdents64 set_tid_address restart_syscall semtimedop fadvise64 timer_create timer_settime timer_gettime
            timer_getoverrun timer_delete clock_settime clock_gettime clock_getres clock_nanosleep exit_group epoll_wait epoll_ctl tgkill
            utimes vserver mbind set_mempolicy get_mempolicy mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr kexec_load
            waitid add_key request_key keyctl ioprio_set ioprio_get inotify_init inotify_add_watch inotify_rm_watch migrate_pages openat
            mkdirat mknodat fchownat futimesat newfstatat unlinkat renameat linkat symlinkat readlinkat fchmodat faccessat pselect6 ppoll
            unshare set_robust_list get_robust_list splice tee sync_file_range vmsplice move_pages utimensat epoll_pwait signalfd
            timerfd_create eventfd fallocate timerfd_settime timerfd_gettime accept4 signalfd4 eventfd2 epoll_create1 dup3 pipe2 inotify_init1
            preadv pwritev rt_tgsigqueueinfo perf_event_open recvmmsg fanotify_init fanotify_mark prlimit64 name_to_handle_at open_by_handle_at
            clock_adjtime syncfs sendmmsg setns getcpu process_vm_readv process_vm_writev kcmp finit_module sched_setattr sched_getattr
            renameat2 seccomp getrandom memfd_create kexec_file_load bpf execveat userfaultfd membarrier mlock2 copy_file_range preadv2
            pwritev2 pkey_mprotect pkey_alloc pkey_free statx io_pgetevents rseq uretprobe @424 pidfd_send_signal io_uring_setup io_uring_enter
            io_uring_register open_tree move_mount fsopen fsconfig fsmount fspick pidfd_open clone3 close_range openat2 pidfd_getfd faccessat2
            process_madvise epoll_pwait2 mount_setattr quotactl_fd landlock_create_ruleset landlock_add_rule landlock_restrict_self
            memfd_secret process_mrelease futex_waitv set_mempolicy_home_node cachestat fchmodat2 map_shadow_stack futex_wake futex_wait
            futex_requeue statmount listmount lsm_get_self_attr lsm_set_self_attr lsm_list_modules mseal setxattrat getxattrat listxattrat
            removexattrat open_tree_attr file_getattr file_setattr
            """;
    private static final String ARM64 = """
            io_setup io_destroy io_submit io_cancel io_getevents setxattr lsetxattr fsetxattr getxattr lgetxattr fgetxattr listxattr llistxattr
            flistxattr removexattr lremovexattr fremovexattr getcwd lookup_dcookie eventfd2 epoll_create1 epoll_ctl epoll_pwait dup dup3 fcntl
            inotify_init1 inotify_add_watch inotify_rm_watch ioctl ioprio_set ioprio_get flock mknodat mkdirat unlinkat symlinkat linkat
            renameat umount2 mount pivot_root nfsservctl statfs fstatfs truncate ftruncate fallocate faccessat chdir fchdir chroot fchmod
            fchmodat fchownat fchown openat close vhangup pipe2 quotactl getdents64 lseek read write readv writev pread64 pwrite64 preadv
            pwritev sendfile pselect6 ppoll signalfd4 vmsplice splice tee readlinkat newfstatat fstat sync fsync fdatasync sync_file_range
            timerfd_create timerfd_settime timerfd_gettime utimensat acct capget capset personality exit exit_group waitid set_tid_address
            unshare futex set_robust_list get_robust_list nanosleep getitimer setitimer kexec_load init_module delete_module timer_create
            timer_gettime timer_getoverrun timer_settime timer_delete clock_settime clock_gettime clock_getres clock_nanosleep syslog ptrace
            sched_setparam sched_setscheduler sched_getscheduler sched_getparam sched_setaffinity sched_getaffinity sched_yield
            sched_get_priority_max sched_get_priority_min sched_rr_get_interval restart_syscall kill tkill tgkill sigaltstack rt_sigsuspend
            rt_sigaction rt_sigprocmask rt_sigpending rt_sigtimedwait rt_sigqueueinfo rt_sigreturn setpriority getpriority reboot setregid
            setgid setreuid setuid setresuid getresuid setresgid getresgid setfsuid setfsgid times setpgid getpgid getsid setsid getgroups
            setgroups uname sethostname setdomainname getrlimit setrlimit getrusage umask prctl getcpu gettimeofday settimeofday adjtimex
            getpid getppid getuid geteuid getgid getegid gettid sysinfo mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr
            msgget msgctl msgrcv msgsnd semget semctl semtimedop semop shmget shmctl shmat shmdt socket socketpair bind listen accept connect
            getsockname getpeername sendto recvfrom setsockopt getsockopt shutdown sendmsg recvmsg readahead brk munmap mremap add_key
            request_key keyctl clone execve mmap fadvise64 swapon swapoff mprotect msync mlock munlock mlockall munlockall mincore madvise
            remap_file_pages mbind get_mempolicy set_mempolicy migrate_pages move_pages rt_tgsigqueueinfo perf_event_open accept4 recvmmsg @260
            wait4 prlimit64 fanotify_init fanotify_mark name_to_handle_at open_by_handle_at clock_adjtime syncfs setns sendmmsg
            process_vm_readv process_vm_writev kcmp finit_module sched_setattr sched_getattr renameat2 seccomp getrandom memfd_create bpf
            execveat userfaultfd membarrier mlock2 copy_file_range preadv2 pwritev2 pkey_mprotect pkey_alloc pkey_free statx io_pgetevents rseq
            kexec_file_load @424 pidfd_send_signal io_uring_setup io_uring_enter io_uring_register open_tree move_mount fsopen fsconfig fsmount
            fspick pidfd_open clone3 close_range openat2 pidfd_getfd faccessat2 process_madvise epoll_pwait2 mount_setattr quotactl_fd
            landlock_create_ruleset landlock_add_rule landlock_restrict_self memfd_secret process_mrelease futex_waitv set_mempolicy_home_node
            cachestat fchmodat2 map_shadow_stack futex_wake futex_wait futex_requeue statmount listmount lsm_get_self_attr lsm_set_self_attr
            lsm_list_modules mseal setxattrat getxattrat listxattrat removexattrat open_tree_attr file_getattr file_setattr
            """;
    private static final int FIRST_REAL_TIME = 34;
    private static final int LAST_SIGNAL = 64;

    private NumberTables() {}

    /** What each error number means. */
    static List<String> errors() {
        List<String> names = new ArrayList<>();
        for (String name : split(ERRORS, ';')) {
            names.add(name.isEmpty() ? "Unknown error" : name);
        }
        return names;
    }

    /** What each signal means. */
    static List<String> signals() {
        List<String> names = new ArrayList<>();
        names.add("Unknown signal 0");
        names.addAll(split(SIGNALS, ';'));
        for (int i = names.size(); i <= LAST_SIGNAL; i++) {
            names.add(i < FIRST_REAL_TIME ? "Unknown signal " + i : "Real-time signal " + (i - FIRST_REAL_TIME));
        }
        return names;
    }

    /** The name of each system call of a processor. */
    static List<String> systemCalls(Architecture architecture) {
        List<String> names = new ArrayList<>();
        for (String word : split(architecture == Architecture.X86_64 ? X86_64 : ARM64, ' ')) {
            if (word.startsWith("@")) {
                while (names.size() < Integer.parseInt(word, 1, word.length(), 10)) {
                    names.add("Unknown syscall");
                }
            } else {
                names.add(word);
            }
        }
        return names;
    }

    /** The pieces that {@code separator} ends, lines joined. */
    private static List<String> split(String table, char separator) {
        List<String> pieces = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < table.length(); i++) {
            char c = table.charAt(i);
            if (c == separator || c == '\n') {
                if (c == separator || i > start) {
                    pieces.add(table.substring(start, i));
                }
                start = i + 1;
            }
        }
        return pieces;
    }
}
