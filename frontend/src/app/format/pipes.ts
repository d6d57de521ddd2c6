import { Pipe, PipeTransform, inject } from '@angular/core';
import { LANGUAGE, LOCALES } from '../../locale/language';
import * as format from './format';

@Pipe({ name: 'tePercent' })
export class PercentPipe implements PipeTransform {
  private readonly locale = LOCALES[inject(LANGUAGE)];

  transform(ratio: number | null | undefined, decimals = 1): string {
    return format.percent(ratio, this.locale, decimals);
  }
}

@Pipe({ name: 'tePoints' })
export class PointsPipe implements PipeTransform {
  private readonly locale = LOCALES[inject(LANGUAGE)];

  transform(difference: number | null | undefined, decimals = 1): string {
    return format.points(difference, this.locale, decimals);
  }
}

@Pipe({ name: 'teQuantity' })
export class QuantityPipe implements PipeTransform {
  private readonly locale = LOCALES[inject(LANGUAGE)];

  transform(value: number | null | undefined, unit = ''): string {
    return format.quantity(value, this.locale, unit);
  }
}

@Pipe({ name: 'teDuration' })
export class DurationPipe implements PipeTransform {
  private readonly locale = LOCALES[inject(LANGUAGE)];

  transform(seconds: number | null | undefined): string {
    return format.clockDuration(seconds, this.locale);
  }
}

@Pipe({ name: 'teDay' })
export class DayPipe implements PipeTransform {
  private readonly locale = LOCALES[inject(LANGUAGE)];

  transform(iso: string | null | undefined, length: format.DayLength = 'short'): string {
    return format.day(iso, this.locale, length);
  }
}

@Pipe({ name: 'teInstant' })
export class InstantPipe implements PipeTransform {
  private readonly locale = LOCALES[inject(LANGUAGE)];

  transform(iso: string | null | undefined, zone: string): string {
    return format.instant(iso, this.locale, zone);
  }
}
