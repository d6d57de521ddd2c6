import type { Problem } from '../api/problem';

/** What happened, in the language of the page; what the server says to it comes below. */
export function headline(problem: Problem): string {
  switch (problem.kind) {
    case 'network':
      return $localize`:@@problem.network:The server cannot be reached`;
    case 'busy':
      return $localize`:@@problem.busy:The server is not ready to answer`;
    case 'slow':
      return $localize`:@@problem.slow:The answer took too long; a shorter period is faster`;
    case 'invalid':
      return $localize`:@@problem.invalid:There is no answer to these filters`;
    case 'missing':
      return $localize`:@@problem.missing:There is nothing at this address`;
    case 'failed':
      return $localize`:@@problem.failed:The figures could not be fetched`;
  }
}
