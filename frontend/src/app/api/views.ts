// Generated from docs/api/dashboard.openapi.json by: npm run types

import type { components as answers } from './answers';

export interface components {
    schemas: {
        Filters: {
            from?: string | null;
            to?: string | null;
            period?: ("latest" | "today" | "yesterday" | "last_7_days" | "last_30_days" | "last_90_days" | "this_week" | "last_week" | "this_month" | "last_month") | null;
            grain?: "shift" | "day" | "week" | "month";
            basis?: ("operation" | "last_operation" | "order") | null;
            plant?: string[];
            line?: string[];
            work_center?: string[];
            shift?: string[];
            material?: string[];
            reason_class?: ("planned" | "setup" | "technical" | "organisational" | "other" | "unclassified")[];
            as_of?: string | null;
        };
        availability: {
            group?: "period" | "plant" | "line" | "work_center" | "shift";
        };
        "scrap-rate": {
            group?: "period" | "plant" | "line" | "work_center" | "shift" | "material" | "operation";
        };
        "downtime-pareto": {
            level?: "class" | "reason" | "work_center";
            measure?: "seconds" | "stops";
        };
        "scrap-pareto": {
            level?: "reason" | "material" | "work_center" | "operation";
            unit?: string | null;
        };
        heatmap: {
            kind?: "work_center_day" | "weekday_hour";
            measure?: "availability" | "unplanned_down" | "scrap_rate";
            unit?: string | null;
        };
        timeline: {
            width?: number;
        };
        stops: {
            offset?: number;
            limit?: number;
            sort?: string | null;
            reason_code?: string[];
            interaction_id?: string | null;
        };
        confirmations: {
            offset?: number;
            limit?: number;
            sort?: string | null;
            order_id?: string | null;
            operation?: string | null;
            unit?: string | null;
            scrap_reason_code?: string[];
            only?: "all" | "counting" | "scrap" | "late";
        };
        orders: {
            offset?: number;
            limit?: number;
            sort?: string | null;
        };
        provenance: {
            mart?: "availability" | "downtime_reasons" | "scrap_rate" | "scrap_reasons";
            reason_code?: string | null;
            interaction_id?: string | null;
            operation?: string | null;
            unit?: string | null;
            scrap_reason_code?: string | null;
            order_id?: string | null;
            offset?: number;
            limit?: number;
        };
        "rejected-rows": {
            offset?: number;
            limit?: number;
            sort?: string | null;
            file?: string | null;
            rule?: string | null;
            is_open?: boolean;
        };
    };
}

type Answers = answers['schemas'];
type Asked = components['schemas'];

export interface Views {
  'overview': { query: Asked['Filters']; answer: Answers['Overview'] };
  'availability': { query: Asked['Filters'] & Asked['availability']; answer: Answers['Availability'] };
  'scrap-rate': { query: Asked['Filters'] & Asked['scrap-rate']; answer: Answers['ScrapRate'] };
  'downtime-pareto': { query: Asked['Filters'] & Asked['downtime-pareto']; answer: Answers['DowntimePareto'] };
  'scrap-pareto': { query: Asked['Filters'] & Asked['scrap-pareto']; answer: Answers['ScrapPareto'] };
  'heatmap': { query: Asked['Filters'] & Asked['heatmap']; answer: Answers['Heatmap'] };
  'timeline': { query: Asked['Filters'] & Asked['timeline']; answer: Answers['Timeline'] };
  'stops': { query: Asked['Filters'] & Asked['stops']; answer: Answers['Stops'] };
  'confirmations': { query: Asked['Filters'] & Asked['confirmations']; answer: Answers['Confirmations'] };
  'orders': { query: Asked['Filters'] & Asked['orders']; answer: Answers['Orders'] };
  'provenance': { query: Asked['Filters'] & Asked['provenance']; answer: Answers['Provenance'] };
  'quality': { query: Asked['Filters']; answer: Answers['Quality'] };
  'rejected-rows': { query: Asked['Filters'] & Asked['rejected-rows']; answer: Answers['RejectedRows'] };
  'meta': { query: Record<string, never>; answer: Answers['Meta'] };
  'definitions': { query: Record<string, never>; answer: Answers['Definitions'] };
}
