// Generated from docs/api/dashboard.openapi.json by: npm run types

export interface components {
    schemas: {
        About: {
            first_day: string;
            last_day: string;
            period: ("latest" | "today" | "yesterday" | "last_7_days" | "last_30_days" | "last_90_days" | "this_week" | "last_week" | "this_month" | "last_month") | null;
            grain: "shift" | "day" | "week" | "month";
            basis: "operation" | "last_operation" | "order";
            as_of: string | null;
            time_zone: string | null;
            data_until: string | null;
            refreshed_at: string | null;
            version: string;
            notes: components["schemas"]["Note"][];
        };
        Availability: {
            about: components["schemas"]["About"];
            columns: components["schemas"]["Column"][];
            total: components["schemas"]["AvailabilityRow"] | null;
            trend: components["schemas"]["AvailabilityRow"][];
            rows: components["schemas"]["AvailabilityRow"][];
        };
        AvailabilityRow: {
            period?: string | null;
            shift?: string | null;
            plant?: string | null;
            line?: string | null;
            work_center?: string | null;
            name?: string | null;
            planned_operation_seconds: number;
            planned_down_seconds: number;
            planned_busy_seconds: number;
            unplanned_down_seconds: number;
            setup_seconds: number;
            short_stop_seconds: number;
            production_seconds: number;
            technical_down_seconds: number;
            unexplained_seconds: number;
            uncovered_seconds: number;
            stops: number;
            short_stops: number;
            open_stops: number;
            failures: number;
            coverage: "none" | "partial" | "full";
            data_until: string | null;
            availability: number | null;
            technical_availability: number | null;
            total_availability: number | null;
            target?: number | null;
        };
        Axis: {
            key: string;
            label: string;
            plant?: string | null;
            work_center?: string | null;
        };
        Band: {
            machine: number;
            shift: string;
            start: number;
            end: number;
        };
        Card: {
            name: "availability" | "technical_availability" | "total_availability" | "scrap_rate" | "unplanned_down" | "setup" | "stops" | "produced" | "scrap" | "unexplained" | "unclassified";
            kind: "percent" | "rate" | "hours" | "integer" | "quantity";
            unit?: string | null;
            basis?: ("operation" | "last_operation" | "order") | null;
            value: number | null;
            numerator?: number | null;
            denominator?: number | null;
            previous?: number | null;
            previous_numerator?: number | null;
            previous_denominator?: number | null;
            target?: number | null;
            better?: ("higher" | "lower") | null;
            is_headline: boolean;
        };
        Column: {
            name: string;
            label: string;
            kind: "text" | "day" | "instant" | "seconds" | "hours" | "minutes" | "quantity" | "percent" | "rate" | "integer" | "boolean" | "choice";
            decimals: number;
            is_sortable: boolean;
            is_hidden: boolean;
            unit_from: string | null;
            choices?: {
                [key: string]: string;
            } | null;
        };
        ConfirmationRow: {
            file_name: string;
            file_sha256: string;
            sheet: string;
            row: number;
            plant: string;
            work_center: string;
            name: string;
            production_day: string;
            shift: string | null;
            order_id: string;
            operation: string;
            confirmation: string;
            counter: string;
            is_reversed: boolean;
            cancelled_counter: string;
            counts: boolean;
            material: string;
            unit: string;
            good_qty: number;
            scrap_qty: number;
            rework_qty: number;
            scrap_reason_code: string;
            scrap_reason_text: string;
            started_at: string | null;
            finished_at: string | null;
            posted_at: string | null;
            delay_days: number | null;
        };
        Confirmations: {
            about: components["schemas"]["About"];
            columns: components["schemas"]["Column"][];
            total: number;
            offset: number;
            limit: number;
            sort: string;
            rows: components["schemas"]["ConfirmationRow"][];
        };
        Definitions: {
            terms: components["schemas"]["Term"][];
            policies: components["schemas"]["Policy"][];
            columns: components["schemas"]["Column"][];
        };
        DowntimePareto: {
            about: components["schemas"]["About"];
            columns: components["schemas"]["Column"][];
            level: "class" | "reason" | "work_center";
            measure: "seconds" | "stops";
            total_seconds: number;
            total_stops: number;
            vital: number;
            rows: components["schemas"]["ReasonRow"][];
        };
        DriftRow: {
            contract: string;
            file_name: string;
            new_columns: string;
        };
        DriftSection: {
            columns: components["schemas"]["Column"][];
            rows: components["schemas"]["DriftRow"][];
        };
        FileRow: {
            file_sha256: string;
            file_name: string;
            model: string;
            contract: string;
            state: string;
            at: string;
            reason: string;
            rows_read: number;
            accepted: number;
            rejected: number;
            skipped: number;
            duplicates: number;
            difference: number;
        };
        FileSection: {
            columns: components["schemas"]["Column"][];
            rows: components["schemas"]["FileRow"][];
            total: number;
            differing: number;
        };
        FreshnessRow: {
            model: string;
            plant: string;
            name: string;
            data_until: string | null;
            age_hours: number | null;
            is_fresh: boolean;
        };
        FreshnessSection: {
            columns: components["schemas"]["Column"][];
            rows: components["schemas"]["FreshnessRow"][];
        };
        Heatmap: {
            about: components["schemas"]["About"];
            columns: components["schemas"]["Column"][];
            kind: "work_center_day" | "weekday_hour";
            measure: "availability" | "unplanned_down" | "scrap_rate";
            grain?: ("shift" | "day" | "week" | "month") | null;
            unit?: string | null;
            units: string[];
            x: components["schemas"]["Axis"][];
            y: components["schemas"]["Axis"][];
            rows: components["schemas"]["HeatmapRow"][];
        };
        HeatmapRow: {
            x: string;
            y: string;
            value: number | null;
            numerator: number | null;
            denominator: number | null;
        };
        LateRow: {
            plant: string;
            work_center: string;
            name: string;
            confirmations: number;
            latest_days: number;
        };
        LateSection: {
            columns: components["schemas"]["Column"][];
            rows: components["schemas"]["LateRow"][];
        };
        LineOption: {
            line: string;
            name: string;
            topology: "series" | "parallel";
        };
        Machine: {
            plant: string;
            work_center: string;
            name: string;
            line: string;
            time_zone: string;
            seconds: {
                [key: string]: number;
            };
        };
        Meta: {
            site: string;
            plants: components["schemas"]["PlantOption"][];
            shifts: string[];
            materials: string[];
            reasons: components["schemas"]["ReasonOption"][];
            units: string[];
            first_day: string | null;
            last_day: string | null;
            headline_availability: "availability" | "technical" | "total";
            headline_basis: "operation" | "last_operation" | "order";
            first_as_of: string | null;
            version: string;
            product_version: string;
            dagster_url: string | null;
        };
        Note: {
            code: "no_data_at_all" | "no_data_in_period" | "nothing_matches" | "rows_as_of_now" | "partly_covered" | "not_covered" | "order_basis_needs_plants" | "other_units" | "merged_spans" | "stale_days" | "more_rows" | "not_before" | "whole_site" | "no_rejected_rows";
            text: string;
        };
        OrderRow: {
            plant: string;
            order_id: string;
            material: string;
            last_confirmed_day: string;
            unit: string;
            first_operation_produced_qty: number;
            last_operation_good_qty: number;
            scrap_qty: number;
            fall_off_ratio: number | null;
            rolled_yield: number | null;
        };
        Orders: {
            about: components["schemas"]["About"];
            columns: components["schemas"]["Column"][];
            total: number;
            offset: number;
            limit: number;
            sort: string;
            rows: components["schemas"]["OrderRow"][];
        };
        Overview: {
            about: components["schemas"]["About"];
            columns: components["schemas"]["Column"][];
            previous_first_day: string;
            previous_last_day: string;
            cards: components["schemas"]["Card"][];
            availability_trend: components["schemas"]["AvailabilityRow"][];
            scrap_trend: components["schemas"]["ScrapRow"][];
            worst_work_centers: components["schemas"]["AvailabilityRow"][];
            worst_reasons: components["schemas"]["ReasonRow"][];
            worst_scrap: components["schemas"]["ScrapRow"][];
        };
        PlantOption: {
            plant: string;
            name: string;
            time_zone: string;
            day_starts: string;
            today: string;
            lines: components["schemas"]["LineOption"][];
            work_centers: components["schemas"]["WorkCenterOption"][];
            shifts: string[];
        };
        Policy: {
            name: string;
            label: string;
            value: string;
            meaning: string;
        };
        Provenance: {
            about: components["schemas"]["About"];
            columns: components["schemas"]["Column"][];
            total: number;
            offset: number;
            limit: number;
            sort: string;
            total_seconds: number | null;
            total_good_qty: number | null;
            total_scrap_qty: number | null;
            total_rework_qty: number | null;
            total_unit: string | null;
            rows: components["schemas"]["SourceRow"][];
        };
        Quality: {
            about: components["schemas"]["About"];
            files: components["schemas"]["FileSection"];
            freshness: components["schemas"]["FreshnessSection"];
            rules: components["schemas"]["RuleSection"];
            drift: components["schemas"]["DriftSection"];
            shares: components["schemas"]["ShareSection"];
            late: components["schemas"]["LateSection"];
            stale: components["schemas"]["StaleSection"];
        };
        ReasonOption: {
            reason_code: string;
            reason_text: string;
            reason_class: "planned" | "setup" | "technical" | "organisational" | "other" | "unclassified";
        };
        ReasonRow: {
            reason_class: ("planned" | "setup" | "technical" | "organisational" | "other" | "unclassified") | null;
            reason_code?: string | null;
            reason_text?: string | null;
            plant?: string | null;
            work_center?: string | null;
            name?: string | null;
            attributed_seconds: number;
            logged_seconds: number;
            stops: number;
            share: number | null;
            cumulative_share: number | null;
        };
        RejectedRow: {
            file_name: string;
            file_sha256: string;
            sheet: string;
            row: number;
            model: string;
            contract: string;
            cell: string;
            column: string;
            rule: string;
            message: string;
            value: string;
            rejected_at: string;
            resolved_by_file: string;
        };
        RejectedRows: {
            about: components["schemas"]["About"];
            columns: components["schemas"]["Column"][];
            total: number;
            offset: number;
            limit: number;
            sort: string;
            rows: components["schemas"]["RejectedRow"][];
        };
        RuleRow: {
            model: string;
            contract: string;
            rule: string;
            column: string;
            rows: number;
            example: string;
        };
        RuleSection: {
            columns: components["schemas"]["Column"][];
            rows: components["schemas"]["RuleRow"][];
            total: number;
        };
        ScrapPareto: {
            about: components["schemas"]["About"];
            columns: components["schemas"]["Column"][];
            level: "reason" | "material" | "work_center" | "operation";
            unit: string | null;
            units: string[];
            total_qty: number;
            vital: number;
            rows: components["schemas"]["ScrapReasonRow"][];
        };
        ScrapRate: {
            about: components["schemas"]["About"];
            columns: components["schemas"]["Column"][];
            total: components["schemas"]["ScrapRow"][];
            trend: components["schemas"]["ScrapRow"][];
            rows: components["schemas"]["ScrapRow"][];
            units: string[];
        };
        ScrapReasonRow: {
            key: string;
            text: string | null;
            plant?: string | null;
            unit: string;
            scrap_qty: number;
            confirmations: number;
            share: number | null;
            cumulative_share: number | null;
        };
        ScrapRow: {
            period?: string | null;
            shift?: string | null;
            plant?: string | null;
            line?: string | null;
            work_center?: string | null;
            name?: string | null;
            material?: string | null;
            operation?: string | null;
            unit: string;
            basis: "operation" | "last_operation" | "order";
            good_qty: number | null;
            scrap_qty: number;
            rework_qty: number;
            produced_qty: number;
            outside_calendar_qty: number;
            confirmations: number;
            scrap_rate: number | null;
            target?: number | null;
        };
        ShareRow: {
            plant: string;
            work_center: string;
            name: string;
            unexplained_seconds: number;
            unclassified_seconds: number;
            planned_busy_seconds: number;
            unexplained_share: number | null;
            unclassified_share: number | null;
        };
        ShareSection: {
            columns: components["schemas"]["Column"][];
            rows: components["schemas"]["ShareRow"][];
        };
        SourceRow: {
            file_name: string;
            file_sha256: string;
            sheet: string;
            row: number;
            plant: string;
            work_center: string;
            production_day: string;
            shift: string | null;
            what: string;
            started_at: string | null;
            ended_at: string | null;
            attributed_seconds: number | null;
            good_qty: number | null;
            scrap_qty: number | null;
            rework_qty: number | null;
            unit: string | null;
            cells: string;
            contract: string;
            business_key: string;
            raw: string;
        };
        Span: {
            machine: number;
            start: number;
            end: number;
            state: "production" | "unexplained" | "short_stop" | "planned" | "setup" | "technical" | "organisational" | "other" | "unclassified" | "outside_calendar" | "no_data";
            reason_code: string;
            interaction_id: string;
            merged: number;
        };
        StaleRow: {
            model: string;
            plant: string;
            first_day: string;
            last_day: string;
            days: number;
            why: string;
        };
        StaleSection: {
            columns: components["schemas"]["Column"][];
            rows: components["schemas"]["StaleRow"][];
        };
        StateRow: {
            plant: string;
            work_center: string;
            name: string;
            state: "production" | "unexplained" | "short_stop" | "planned" | "setup" | "technical" | "organisational" | "other" | "unclassified" | "outside_calendar" | "no_data";
            seconds: number;
            share: number | null;
        };
        StopRow: {
            file_name: string;
            file_sha256: string;
            sheet: string;
            row: number;
            plant: string;
            work_center: string;
            name: string;
            production_day: string;
            shift: string | null;
            interaction_id: string;
            reason_class: "planned" | "setup" | "technical" | "organisational" | "other" | "unclassified";
            reason_code: string;
            reason_text: string;
            started_at: string;
            ended_at: string;
            attributed_seconds: number;
            is_open: boolean;
            is_short: boolean;
            starts_here: boolean;
        };
        Stops: {
            about: components["schemas"]["About"];
            columns: components["schemas"]["Column"][];
            total: number;
            offset: number;
            limit: number;
            sort: string;
            total_seconds: number;
            total_stops: number;
            rows: components["schemas"]["StopRow"][];
        };
        Term: {
            key: string;
            term: string;
            formula: string;
            unit: string;
            standard: string;
            column: string;
            note: string;
        };
        Timeline: {
            about: components["schemas"]["About"];
            columns: components["schemas"]["Column"][];
            start: number;
            end: number;
            pixel: number;
            machines: components["schemas"]["Machine"][];
            spans: components["schemas"]["Span"][];
            bands: components["schemas"]["Band"][];
            reasons: {
                [key: string]: string;
            };
            rows: components["schemas"]["StateRow"][];
        };
        WorkCenterOption: {
            work_center: string;
            name: string;
            line: string;
        };
    };
}
