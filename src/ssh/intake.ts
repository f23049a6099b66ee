/** What one script may still say, of what all hosts together may. */
export interface Share {
  take(bytes: number): void;
  close(): void;
}

/** Bounds the memory for the output of all scripts that run at once. */
export interface Intake {
  /** `tooMuch` is called when it is this script that takes the most of what is more than there is. */
  open(tooMuch: () => void): Share;
}

/** An intake of so many bytes; when they are used up, the script that has said most is stopped, unless that is within the `fair` share. */
export function intakeOf(limit: number, fair: number): Intake {
  const said = new Map<Share, { bytes: number; readonly tooMuch: () => void }>();
  let total = 0;
  return {
    open(tooMuch) {
      const share: Share = {
        take(bytes) {
          const own = said.get(share);
          if (own === undefined) return;
          own.bytes += bytes;
          total += bytes;
          if (total <= limit) return;
          const [loudest] = [...said].sort(([, a], [, b]) => b.bytes - a.bytes);
          if (loudest![1].bytes <= fair) return;
          loudest![0].close();
          loudest![1].tooMuch();
        },
        close() {
          total -= said.get(share)?.bytes ?? 0;
          said.delete(share);
        },
      };
      said.set(share, { bytes: 0, tooMuch });
      return share;
    },
  };
}
