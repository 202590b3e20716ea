const PLAIN =
  'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP ' +
  'TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX'

const numbered = (name: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${name}${i + 1}`)

/** Stop signals of Linux containers, real-time ones included. Source: `supportedStopSignalsLinux`. */
export const LINUX_SIGNALS: readonly string[] = [
  ...PLAIN.split(' ').map((name) => `SIG${name}`),
  ...numbered('SIGRTMIN+', 15),
  ...numbered('SIGRTMAX-', 14),
]

/** Source: `supportedStopSignalsWindows`. */
export const WINDOWS_SIGNALS: readonly string[] = ['SIGKILL', 'SIGTERM']
