/** A deadline that stands still while a person is being asked something. */
export interface Deadline {
  during<T>(question: () => Promise<T>): Promise<T>;
  cancel(): void;
}

/** Calls `passed` once after so many milliseconds, unless cancelled; time spent in `during` does not count. */
export function deadline(ms: number, passed: () => void): Deadline {
  let left = ms;
  let questions = 0;
  let since = Date.now();
  let over = false;
  let timer = setTimeout(passed, ms);
  return {
    async during(question) {
      if (questions++ === 0 && !over) {
        clearTimeout(timer);
        left -= Date.now() - since;
      }
      try {
        return await question();
      } finally {
        if (--questions === 0 && !over) {
          since = Date.now();
          timer = setTimeout(passed, Math.max(left, 0));
        }
      }
    },
    cancel() {
      over = true;
      clearTimeout(timer);
    },
  };
}
