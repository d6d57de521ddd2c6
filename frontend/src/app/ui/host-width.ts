import { DestroyRef, ElementRef, Signal, afterNextRender, inject, signal } from '@angular/core';

/**
 * Width of the component's element in CSS pixels, 0 until it is laid out. To be called where
 * injection is possible.
 */
export function hostWidth(): Signal<number> {
  const element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  const width = signal(0);
  let observer: ResizeObserver | undefined;
  afterNextRender(() => {
    width.set(element.clientWidth);
    observer = new ResizeObserver(() => width.set(element.clientWidth));
    observer.observe(element);
  });
  inject(DestroyRef).onDestroy(() => observer?.disconnect());
  return width.asReadonly();
}
