import { DOCUMENT, Signal, afterRenderEffect, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import type { ActivatedRoute } from '@angular/router';

/**
 * Goes to the part of the page that the address names (`#stale`), once there is something to show.
 * To be called where injection is possible.
 */
export function scrollToFragment(
  route: ActivatedRoute,
  loaded: Signal<unknown>,
): Signal<string | null | undefined> {
  const document = inject(DOCUMENT);
  const fragment = toSignal(route.fragment);
  let gone: string | null | undefined;
  afterRenderEffect(() => {
    const id = fragment();
    if (loaded() === undefined || id === gone) return;
    gone = id;
    const element = id ? document.getElementById(id) : null;
    element?.scrollIntoView({ block: 'start' });
    element?.focus({ preventScroll: true });
  });
  return fragment;
}
