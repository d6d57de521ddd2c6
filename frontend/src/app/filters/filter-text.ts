import type { Basis, Grain, Period, ReasonClass } from '../api/model';
import type { FilterName } from './codec';

/** Words for the values that the API has names for. */

export function periodText(period: Period): string {
  switch (period) {
    case 'latest':
      return $localize`:@@period.latest:Latest 7 days with data`;
    case 'today':
      return $localize`:@@period.today:Today`;
    case 'yesterday':
      return $localize`:@@period.yesterday:Yesterday`;
    case 'last_7_days':
      return $localize`:@@period.last7Days:Last 7 days`;
    case 'last_30_days':
      return $localize`:@@period.last30Days:Last 30 days`;
    case 'last_90_days':
      return $localize`:@@period.last90Days:Last 90 days`;
    case 'this_week':
      return $localize`:@@period.thisWeek:This week`;
    case 'last_week':
      return $localize`:@@period.lastWeek:Last week`;
    case 'this_month':
      return $localize`:@@period.thisMonth:This month`;
    case 'last_month':
      return $localize`:@@period.lastMonth:Last month`;
  }
}

export function grainText(grain: Grain): string {
  switch (grain) {
    case 'shift':
      return $localize`:@@grain.shift:by shift`;
    case 'day':
      return $localize`:@@grain.day:by day`;
    case 'week':
      return $localize`:@@grain.week:by week`;
    case 'month':
      return $localize`:@@grain.month:by month`;
  }
}

export function basisText(basis: Basis): string {
  switch (basis) {
    case 'operation':
      return $localize`:@@basis.operation:all operations`;
    case 'last_operation':
      return $localize`:@@basis.lastOperation:last operation`;
    case 'order':
      return $localize`:@@basis.order:whole order`;
  }
}

export function reasonClassText(reasonClass: ReasonClass): string {
  switch (reasonClass) {
    case 'planned':
      return $localize`:@@class.planned:planned`;
    case 'setup':
      return $localize`:@@class.setup:set-up`;
    case 'technical':
      return $localize`:@@class.technical:technical`;
    case 'organisational':
      return $localize`:@@class.organisational:organisational`;
    case 'other':
      return $localize`:@@class.other:other`;
    case 'unclassified':
      return $localize`:@@class.unclassified:unclassified`;
  }
}

export function filterName(filter: FilterName): string {
  switch (filter) {
    case 'plant':
      return $localize`:@@filter.plant:Plant`;
    case 'line':
      return $localize`:@@filter.line:Line`;
    case 'work_center':
      return $localize`:@@filter.workCenter:Work center`;
    case 'shift':
      return $localize`:@@filter.shift:Shift`;
    case 'material':
      return $localize`:@@filter.material:Material`;
    case 'reason_class':
      return $localize`:@@filter.reasonClass:Class of stops`;
    case 'period':
      return $localize`:@@filter.period:Period`;
    case 'from':
      return $localize`:@@filter.from:From`;
    case 'to':
      return $localize`:@@filter.to:To`;
    case 'grain':
      return $localize`:@@filter.grain:Trend`;
    case 'basis':
      return $localize`:@@filter.basis:Scrap over`;
    case 'as_of':
      return $localize`:@@filter.asOf:As shown on`;
  }
}
