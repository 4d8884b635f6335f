// Made by `npm run api-types` from the OpenAPI schema. Do not edit.

export interface paths {
    "/api/v1/adjudications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["adjudications_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/adjudications/{adjudication_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["adjudications_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/adjudications/{adjudication_id}/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["adjudications_claim_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/adjudications/{adjudication_id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["adjudications_release_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/adjudications/{adjudication_id}/settle": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["adjudications_settle_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["alerts_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit-log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["audit_log_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit-log/chain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description How many entries are sealed, how many wait, and the head to keep elsewhere. */
        get: operations["audit_log_chain"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit-log/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Every entry that fits, oldest first, as JSON lines or CSV. The export is logged too. */
        get: operations["audit_log_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["audits_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audits/{audit_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Whole; to who reads it blind, what the step they are at shows (``shown``). */
        get: operations["audits_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audits/{audit_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["audits_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audits/{audit_id}/failures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Every failure of its steps with the traceback, newest first; retried ones too. */
        get: operations["audits_failures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audits/{audit_id}/fhir": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description A FHIR R5 bundle. */
        get: operations["audits_fhir"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audits/{audit_id}/generations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description What the models really said, attempt by attempt. */
        get: operations["audits_generations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audits/{audit_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["audits_retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audits/{audit_id}/sr": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description A DICOM structured report, TID 1500. */
        get: operations["audits_sr"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audits/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Failed audits once more, 200 a time: ask again while some are ``left``. */
        post: operations["audits_retry_many"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["session_retrieve"];
        put?: never;
        post: operations["session_create"];
        delete: operations["session_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["token_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/backends": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description What an audit or a batch may be asked of, and the workers that do it. */
        get: operations["backends_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/batches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["batches_list"];
        put?: never;
        post: operations["batches_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/batches/{batch_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["batches_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/batches/{batch_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["batches_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/batches/{batch_id}/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["batches_items"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/batches/{batch_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Failed audits once more, 200 a time; ``progress.failed`` says how many are left. */
        post: operations["batches_retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["cases_list"];
        put?: never;
        post: operations["cases_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{case_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["cases_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{case_id}/audits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["cases_audits_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{case_id}/clear-burned-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["cases_clear_burned_in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{case_id}/drafts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description 201, or 200 with the draft that has this text already. */
        post: operations["cases_drafts_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{case_id}/image": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["cases_image"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{case_id}/pixels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The lossless PNG at full depth. Of an 8-bit picture it is what `image` gives. */
        get: operations["cases_pixels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{case_id}/thumbnail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["cases_thumbnail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cases/{case_id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["cases_withdraw"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/comparisons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["comparisons_list"];
        put?: never;
        /** @description Compared at once, over the audits that are there: nothing is run for it. */
        post: operations["comparisons_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/comparisons/{comparison_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["comparisons_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{delivery_id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["deliveries_replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drafts/{draft_id}/clear": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["drafts_clear"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["imports_list"];
        put?: never;
        post: operations["imports_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{import_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["imports_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{import_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["imports_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{import_id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["imports_content"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: operations["imports_content_patch"];
        trace?: never;
    };
    "/api/v1/imports/{import_id}/errors.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["imports_errors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{import_id}/rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["imports_rows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{import_id}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["imports_start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/experience": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Leaves in releases under a pseudonym, where enough of their readers say the same. */
        get: operations["me_experience_retrieve"];
        /** @description Leaves in releases under a pseudonym, where enough of their readers say the same. */
        put: operations["me_experience_change"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description This session goes on; those opened elsewhere are over. */
        post: operations["me_password_change"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["me_second_factor_retrieve"];
        put?: never;
        /** @description A new secret; it counts once `confirm` got a code made from it. */
        post: operations["me_second_factor_begin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/second-factor/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["me_second_factor_confirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/second-factor/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["me_second_factor_remove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/sign-out-elsewhere": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["me_sign_out_elsewhere"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["me_tokens_list"];
        put?: never;
        post: operations["me_tokens_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/tokens/{token_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["me_tokens_revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["models_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{model_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["models_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{model_id}/card": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The opening of the backend's card, as Markdown; "" for a backend without one. */
        get: operations["models_card"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{model_id}/promote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Promoting a version that was current before is rolling back to it. */
        post: operations["models_promote"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{model_id}/weeks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The weeks (ISO, UTC) in which the version did anything, oldest first. */
        get: operations["models_weeks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["people_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/people/{person_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["people_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: operations["people_change"];
        trace?: never;
    };
    "/api/v1/people/{person_id}/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** @description For somebody who lost both the app and the recovery codes. */
        delete: operations["people_second_factor_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/promotions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["promotions_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["queues_list"];
        put?: never;
        post: operations["queues_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/queues/{queue_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["queues_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: operations["queues_change"];
        trace?: never;
    };
    "/api/v1/queues/{queue_id}/agreement": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["queues_agreement_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/queues/{queue_id}/assignments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["queue_assignments_list"];
        put?: never;
        post: operations["queue_assignments_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/queues/{queue_id}/assignments/{person_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** @description Twice is once. */
        delete: operations["queue_assignments_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/queues/{queue_id}/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["queues_claim_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/queues/{queue_id}/fill": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["queues_fill_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/queues/{queue_id}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["queue_members_list"];
        put?: never;
        post: operations["queue_members_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/queues/{queue_id}/members/{member_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["queue_members_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/queues/{queue_id}/next": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * @description What this person's next claims will most likely give, to be loaded ahead. Nothing is taken.
         *
         *     Empty where it can't be told: in a blind queue, and where the order is a matter of chance.
         */
        get: operations["queues_next"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["reads_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reads/{read_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["reads_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reads/{read_id}/reopen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["reads_reopen_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/releases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["releases_list"];
        put?: never;
        post: operations["releases_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/releases/{release_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["releases_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/releases/{release_id}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["releases_archive_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/releases/{release_id}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description What changed since another release: rows per table, columns, cases whose split moved. */
        get: operations["releases_diff_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/releases/{release_id}/files/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["releases_files_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/releases/{release_id}/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Publishing can't be taken back, so it is not for every reader. */
        post: operations["releases_publish_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sign-in-locks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["sign_in_locks_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sign-in-locks/{lock_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["sign_in_locks_lift"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/slots/{slot_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description A view on one slot: its input is validated with the lease, the slot is never looked at. */
        get: operations["slots_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/slots/{slot_id}/commit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description The end of a step of a blind read. */
        post: operations["slots_commit_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/slots/{slot_id}/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description A view on one slot: its input is validated with the lease, the slot is never looked at. */
        post: operations["slots_decisions_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/slots/{slot_id}/heartbeat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description A view on one slot: its input is validated with the lease, the slot is never looked at. */
        post: operations["slots_heartbeat_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/slots/{slot_id}/missed-findings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description A view on one slot: its input is validated with the lease, the slot is never looked at. */
        post: operations["slots_missed_findings_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/slots/{slot_id}/reclaim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description A view on one slot: its input is validated with the lease, the slot is never looked at. */
        post: operations["slots_reclaim_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/slots/{slot_id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description A view on one slot: its input is validated with the lease, the slot is never looked at. */
        post: operations["slots_release_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/slots/{slot_id}/skip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description A view on one slot: its input is validated with the lease, the slot is never looked at. */
        post: operations["slots_skip_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/slots/{slot_id}/submit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description A view on one slot: its input is validated with the lease, the slot is never looked at. */
        post: operations["slots_submit_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/slots/{slot_id}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description A view on one slot: its input is validated with the lease, the slot is never looked at. */
        post: operations["slots_undo_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["sources_list"];
        put?: never;
        post: operations["sources_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources/{source_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["sources_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: operations["sources_update"];
        trace?: never;
    };
    "/api/v1/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["stats_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/synthetic-drafts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["synthetic_drafts_list"];
        put?: never;
        post: operations["synthetic_drafts_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["webhooks_list"];
        put?: never;
        post: operations["webhooks_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhook_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["webhooks_retrieve"];
        put?: never;
        post?: never;
        delete: operations["webhooks_delete"];
        options?: never;
        head?: never;
        patch: operations["webhooks_change"];
        trace?: never;
    };
    "/api/v1/webhooks/{webhook_id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["webhooks_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhook_id}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Another secret in place of the one before, at once. */
        post: operations["webhooks_renew_secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/withdrawals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["withdrawals_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Accounting: {
            a: components["schemas"]["SideAccount"];
            answered: components["schemas"]["Pairs"];
            b: components["schemas"]["SideAccount"];
            unequal: boolean;
        };
        Adjudication: {
            differs: components["schemas"]["Difference"][];
            held: boolean;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            opened_at: string;
            /** Format: uuid */
            queue: string;
            /** Format: date-time */
            settled_at: string | null;
            state: components["schemas"]["AdjudicationStateEnum"];
        };
        AdjudicationPage: {
            /** Format: uri */
            next: string | null;
            /** Format: uri */
            previous: string | null;
            results: components["schemas"]["Adjudication"][];
        };
        /**
         * @description * `open` - Open
         *     * `settled` - Settled
         *     * `reopened` - Reopened
         * @enum {string}
         */
        AdjudicationStateEnum: "open" | "settled" | "reopened";
        /** @description Null kind and label: all together. ``recall`` is null without unflagged audits to weigh. */
        Agreement: {
            automation: components["schemas"]["AutomationRow"][];
            items: number;
            precision: components["schemas"]["PrecisionRow"][];
            /** Format: uuid */
            queue: string;
            reads: number;
            recall: components["schemas"]["RecallRow"][] | null;
            rows: components["schemas"]["AgreementRow"][];
        };
        AgreementRow: {
            blind: boolean;
            box_iou: components["schemas"]["Measure"] | null;
            gwet_ac1: components["schemas"]["Measure"];
            kind: string | null;
            krippendorff_alpha: components["schemas"]["Measure"];
            label: string | null;
            n: number;
            percent: components["schemas"]["Measure"];
        };
        Alert: {
            before: components["schemas"]["Measure"];
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            id: string;
            measure: string;
            /** Format: uuid */
            model: string;
            now: components["schemas"]["Measure"];
            text: string;
            /** Format: date */
            week: string;
        };
        AlertPage: {
            /** Format: uri */
            next: string | null;
            /** Format: uri */
            previous: string | null;
            results: components["schemas"]["Alert"][];
        };
        /**
         * @description * `supported` - supported
         *     * `uncertain` - uncertain
         *     * `needs_review` - needs_review
         * @enum {string}
         */
        AlignmentEnum: "supported" | "uncertain" | "needs_review";
        APIToken: {
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            last_used_at: string | null;
            name: string;
            /** Format: date-time */
            revoked_at: string | null;
            scope: components["schemas"]["TokenScopeEnum"];
        };
        APITokenPage: {
            /** Format: uri */
            next: string | null;
            /** Format: uri */
            previous: string | null;
            results: components["schemas"]["APIToken"][];
        };
        Assigned: {
            assigned: number;
        };
        /** @description ``audits``, all or none of them, or ``number``: the next so many items that are free. */
        AssignInputRequest: {
            audits?: string[];
            number?: number;
            username: string;
        };
        /** @description One person's slots in the queue: those they have yet to read, and those they read. */
        Assignment: {
            /** Format: uuid */
            reader: string;
            submitted: number;
            username: string;
            waiting: number;
        };
        AssignmentPage: {
            /** Format: uri */
            next: string | null;
            /** Format: uri */
            previous: string | null;
            results: components["schemas"]["Assignment"][];
        };
        /**
         * @description ``shown`` is ``flags`` for a whole audit; to who reads it blind it is ``image`` or ``draft``,
         *     and what comes later is null or empty.
         */
        Audit: {
            attempt: number;
            case: components["schemas"]["Case"];
            claims: components["schemas"]["Claim"][];
            /** Format: date-time */
            created_at: string;
            draft: components["schemas"]["AuditDraft"] | null;
            draft_labels: {
                [key: string]: "present" | "uncertain" | "absent" | null;
            } | null;
            draft_state: (components["schemas"]["DraftStateEnum"] | components["schemas"]["NullEnum"]) | null;
            failure: components["schemas"]["Failure"] | null;
            findings: components["schemas"]["Finding"][];
            /** Format: date-time */
            finished_at: string | null;
            flags: components["schemas"]["Flag"][];
            grounder: components["schemas"]["Backend"];
            /** Format: uuid */
            id: string;
            image_labels: {
                [key: string]: "present" | "uncertain" | "absent" | null;
            } | null;
            image_state: (components["schemas"]["ImageStateEnum"] | components["schemas"]["NullEnum"]) | null;
            ledger: components["schemas"]["Ledger"][];
            measurements: {
                [key: string]: number;
            };
            mentions: components["schemas"]["Mention"][];
            ms: components["schemas"]["StepTimes"];
            notes: string[];
            notice: string;
            parser: components["schemas"]["Backend"];
            penalties: number[];
            policy: string;
            priority: components["schemas"]["PriorityEnum"];
            score: number | null;
            scores: {
                [key: string]: number;
            };
            shown: components["schemas"]["BlindStepEnum"];
            state: components["schemas"]["AuditStateEnum"];
            step: (components["schemas"]["StepEnum"] | components["schemas"]["NullEnum"]) | null;
            votes: components["schemas"]["Vote"][];
        };
        AuditDraft: {
            /** Format: uuid */
            id: string;
            origin: components["schemas"]["OriginEnum"];
            text: string;
        };
        AuditInputRequest: {
            /** @default  */
            draft: string;
        };
        AuditRef: {
            /** Format: uuid */
            id: string;
            state: components["schemas"]["AuditStateEnum"];
            /** Format: uri */
            url: string;
        };
        AuditRow: {
            attempt: number;
            case: components["schemas"]["Case"];
            /** Format: date-time */
            created_at: string;
            draft_excerpt: string;
            draft_state: (components["schemas"]["DraftStateEnum"] | components["schemas"]["NullEnum"]) | null;
            failure: components["schemas"]["Failure"] | null;
            /** Format: date-time */
            finished_at: string | null;
            flag_counts: components["schemas"]["FlagCounts"];
            /** Format: uuid */
            id: string;
            image_state: (components["schemas"]["ImageStateEnum"] | components["schemas"]["NullEnum"]) | null;
            reads: components["schemas"]["Reads"];
            state: components["schemas"]["AuditStateEnum"];
            step: (components["schemas"]["StepEnum"] | components["schemas"]["NullEnum"]) | null;
            top_flag: components["schemas"]["TopFlag"] | null;
        };
        AuditRowPage: {
            /** Format: uri */
            next: string | null;
            /** Format: uri */
            previous: string | null;
            results: components["schemas"]["AuditRow"][];
        };
        /**
         * @description * `queued` - queued
         *     * `running` - running
         *     * `done` - done
         *     * `failed` - failed
         *     * `cancelled` - cancelled
         * @enum {string}
         */
        AuditStateEnum: "queued" | "running" | "done" | "failed" | "cancelled";
        /**
         * @description ``followed``: of the flags that a reader's own first view spoke against, the share that they
         *     agreed with in the end. ``left``: of those it spoke for, the share that they did not.
         */
        AutomationRow: {
            followed: components["schemas"]["Measure"];
            kind: string | null;
            label: string | null;
            left: components["schemas"]["Measure"];
            n: number;
            unsure: number;
        };
        Backend: {
            hash: string;
            licence: string;
            may_release_output: boolean;
            name: string;
            version: string;
        };
        /**
         * @description * `grounder` - grounder
         *     * `parser` - parser
         * @enum {string}
         */
        BackendKindEnum: "grounder" | "parser";
        Backends: {
            results: components["schemas"]["Offered"][];
        };
        Batch: {
            /** Format: date-time */
            cancelled_at: string | null;
            /** Format: date-time */
            created_at: string;
            grounder: components["schemas"]["Backend"];
            /** Format: uuid */
            id: string;
            parser: components["schemas"]["Backend"];
            policy: string;
            progress: components["schemas"]["Progress"];
            requested_by: string | null;
            retry_failed: boolean;
            selection: {
                [key: string]: unknown;
            };
            state: components["schemas"]["BatchStateEnum"];
            /** Format: uri */
            url: string;
        };
        BatchInputRequest: {
            cases?: string[];
            drafts?: string[];
            /** @default  */
            grounder: string;
            /** @default true */
            latest_draft_only: boolean;
            /** @default 0 */
            limit: number;
            /** @default  */
            parser: string;
            /** @default false */
            retry_failed: boolean;
            /** @default  */
            source: string;
        };
        BatchItem: {
            /** Format: uuid */
            audit: string | null;
            /** Format: uuid */
            case: string;
            code: string;
            /** Format: uuid */
            draft: string;
            /** Format: uuid */
            id: string;
            message: string;
            state: components["schemas"]["BatchItemStateEnum"];
        };
        BatchItemPage: {
            /** Format: uri */
            next: string | null;
            /** Format: uri */
            previous: string | null;
            results: components["schemas"]["BatchItem"][];
        };
        /**
         * @description * `unstarted` - unstarted
         *     * `queued` - queued
         *     * `running` - running
         *     * `done` - done
         *     * `failed` - failed
         *     * `cancelled` - cancelled
         *     * `refused` - refused
         * @enum {string}
         */
        BatchItemStateEnum: "unstarted" | "queued" | "running" | "done" | "failed" | "cancelled" | "refused";
        BatchPage: {
            /** Format: uri */
            next: string | null;
            /** Format: uri */
            previous: string | null;
            results: components["schemas"]["Batch"][];
        };
        /**
         * @description * `starting` - starting
         *     * `running` - running
         *     * `done` - done
         *     * `cancelled` - cancelled
         * @enum {string}
         */
        BatchStateEnum: "starting" | "running" | "done" | "cancelled";
        /** @enum {unknown} */
        BlankEnum: "";
        /**
         * @description * `image` - Image
         *     * `draft` - Draft
         *     * `flags` - Flags
         * @enum {string}
         */
        BlindStepEnum: "image" | "draft" | "flags";
        /** @description Null is unknown, and nothing may be measured or marked by it. */
        Case: {
            age: number | null;
            burned_in: (components["schemas"]["IdentityStateEnum"] | components["schemas"]["NullEnum"]) | null;
            code: string;
            /** Format: date-time */
            created_at: string;
            height: number;
            /** Format: uuid */
            id: string;
            image_url: string;
            laterality: (components["schemas"]["LateralityEnum"] | components["schemas"]["NullEnum"]) | null;
            patient_code: string | null;
            patient_orientation: components["schemas"]["PatientOrientation"] | null;
            phantom: boolean;
            pixel_spacing: components["schemas"]["PixelSpacing"] | null;
            /** @description The full depth; null where the image has 8 bits anyway. */
            pixels_url: string | null;
            sex: string;
            source: string;
            thumbnail_url: string;
            under_18: boolean | null;
            view: components["schemas"]["ViewEnum"] | components["schemas"]["BlankEnum"];
            width: number;
        };
        CaseAudit: {
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            draft: string;
            /** Format: uuid */
            id: string;
            state: components["schemas"]["AuditStateEnum"];
        };
        CaseCreated: {
            audit: components["schemas"]["AuditRef"];
            /** Format: uuid */
            id: string;
        };
        /** @description Null is unknown, and nothing may be measured or marked by it. */
        CaseDetail: {
            age: number | null;
            audits: components["schemas"]["CaseAudit"][];
            burned_in: (components["schemas"]["IdentityStateEnum"] | components["schemas"]["NullEnum"]) | null;
            code: string;
            /** Format: date-time */
            created_at: string;
            drafts: components["schemas"]["Draft"][];
            height: number;
            /** Format: uuid */
            id: string;
            image_url: string;
            laterality: (components["schemas"]["LateralityEnum"] | components["schemas"]["NullEnum"]) | null;
            patient_code: string | null;
            patient_orientation: components["schemas"]["PatientOrientation"] | null;
            phantom: boolean;
            pixel_spacing: components["schemas"]["PixelSpacing"] | null;
            /** @description The full depth; null where the image has 8 bits anyway. */
            pixels_url: string | null;
            sex: string;
            source: string;
            thumbnail_url: string;
            under_18: boolean | null;
            view: components["schemas"]["ViewEnum"] | components["schemas"]["BlankEnum"];
            width: number;
        };
        CaseDetailPage: {
            /** Format: uri */
            next: string | null;
            /** Format: uri */
            previous: string | null;
            results: components["schemas"]["CaseDetail"][];
        };
        CaseInputRequest: {
            /** @default  */
            age: string;
            /** @default  */
            draft: string;
            /** Format: binary */
            image: string;
            /** @default  */
            patient: string;
            /** @default upload */
            source: string;
            /** @default  */
            view: components["schemas"]["ViewEnum"] | components["schemas"]["BlankEnum"];
        };
        ChainState: {
            head: string;
            sealed: number;
            /** Format: date-time */
            sealed_at: string | null;
            unsealed: number;
        };
        /** @description The lease that the claim gave. */
        ChairRequest: {
            fence: number;
            /** Format: uuid */
            lease_token: string;
        };
        /**
         * @description * `added` - added
         *     * `removed` - removed
         * @enum {string}
         */
        ChangeEnum: "added" | "removed";
        Claim: {
            alignment: (components["schemas"]["AlignmentEnum"] | components["schemas"]["NullEnum"]) | null;
            cause: string;
            end: number;
            labels: components["schemas"]["LabelEnum"][];
            overconfident: number[][];
            penalty: number;
            start: number;
            suggestion: string | null;
            text: string;
            type: components["schemas"]["TypeEnum"];
        };
        ClaimAnswer: {
            /** @description Open items not offered to this person by blind reading. */
            barred?: number;
            /** Format: date-time */
            next_free_at?: string | null;
            reason?: components["schemas"]["ClaimAnswerReasonEnum"];
            slot: components["schemas"]["Slot"] | null;
        };
        /**
         * @description * `empty` - empty
         *     * `all_leased` - all_leased
         *     * `all_yours_done` - all_yours_done
         *     * `paused` - paused
         * @enum {string}
         */
        ClaimAnswerReasonEnum: "empty" | "all_leased" | "all_yours_done" | "paused";
        ClaimRequest: {
            /** Format: uuid */
            audit?: string | null;
        };
        CodeInputRequest: {
            code: string;
        };
        ColumnDifference: {
            change: components["schemas"]["ChangeEnum"];
            column: string;
            table: string;
        };
        /** @description What was committed of a step; ``states`` and ``boxes`` are empty for the draft's. */
        Commit: {
            boxes: components["schemas"]["SeenBox"][];
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            id: string;
            states: {
                [key: string]: "present" | "uncertain" | "absent";
            };
            step: components["schemas"]["CommittedStepEnum"];
        };
        /** @description ``states`` and ``boxes`` belong to the image's step; the draft's has neither. */
        CommitInputRequest: {
            /** Format: double */
            active_seconds?: number | null;
            boxes?: components["schemas"]["SeenBoxRequest"][];
            fence: number;
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            lease_token: string;
            states?: {
                [key: string]: "present" | "uncertain" | "absent";
            } | null;
            step: components["schemas"]["CommittedStepEnum"];
        };
        /** @description ``next`` is the step that the read is at now. */
        Committed: {
            boxes: components["schemas"]["SeenBox"][];
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            id: string;
            next: components["schemas"]["BlindStepEnum"];
            states: {
                [key: string]: "present" | "uncertain" | "absent";
            };
            step: components["schemas"]["CommittedStepEnum"];
        };
        /**
         * @description * `image` - Image
         *     * `draft` - Draft
         * @enum {string}
         */
        CommittedStepEnum: "image" | "draft";
        /** @description A case where the two differ; ``labels`` maps a label to ``{"truth", "a", "b"}``. */
        ComparedCase: {
            answered: {
                [key: string]: boolean;
            };
            audits: {
                [key: string]: string | null;
            };
            code: string;
            /** Format: uuid */
            id: string;
            labels: {
                [key: string]: {
                    [key: string]: unknown;
                };
            };
        };
        /** @description ``red``: a version left cases unanswered, as ``warnings`` say; read no score before. */
        Comparison: {
            a: components["schemas"]["Version"];
            b: components["schemas"]["Version"];
            cases: number;
            /** Format: date-time */
            created_at: string;
            created_by: string | null;
            /** Format: uuid */
            id: string;
            left_out: number;
            /** Format: uuid */
            queue: string | null;
            red: boolean;
            seed: number;
            source: string | null;
            warnings: string[];
        };
        ComparisonInputRequest: {
            /** Format: uuid */
            a: string;
            /** Format: uuid */
            b: string;
            /** Format: uuid */
            queue?: string | null;
            /** @default 0 */
            seed: number;
            /** @default  */
            source: string;
        };
        ComparisonPage: {
            /** Format: uri */
            next: string | null;
            /** Format: uri */
            previous: string | null;
            results: components["schemas"]["Comparison"][];
        };
        /** @description ``scores`` of each side are what `python -m inference evaluate` gives. */
        ComparisonReport: {
            accounting: components["schemas"]["Accounting"];
            cases: components["schemas"]["ComparedCase"][];
            differences: {
                [key: string]: components["schemas"]["VersionDifference"];
            };
            flags: {
                [key: string]: components["schemas"]["FlagRates"];
            };
            mcnemar: {
                [key: string]: components["schemas"]["Pairs"];
            };
            scores: {
                [key: string]: {
                    [key: string]: unknown;
                };
            };
        };
        Counts: {
            created: number;
            duplicates: number;
            failed: number;
            known: number;
            lost_findings: number;
            new_drafts: number;
            skipped: number;
            valid: number;
            waiting: number;
        };
        CredentialsInputRequest: {
            /** @description Of the second factor, from those who have one. */
            code?: string;
            password: string;
            username: string;
        };
        Decision: {
            /** Format: double */
            active_seconds: number | null;
            box: number[] | null;
            comment: string;
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            flag: string;
            /** Format: uuid */
            id: string;
            layers: components["schemas"]["Layers"];
            reason: (components["schemas"]["DecisionReasonEnum"] | components["schemas"]["NullEnum"]) | null;
            retracted: boolean;
            significance: (components["schemas"]["SignificanceEnum"] | components["schemas"]["NullEnum"]) | null;
            /** Format: uuid */
            supersedes: string | null;
            verdict: components["schemas"]["VerdictEnum"];
        };
        DecisionInputRequest: {
            /** Format: double */
            active_seconds?: number | null;
            box?: number[] | null;
            /** @default  */
            comment: string;
            fence: number;
            /** Format: uuid */
            flag: string;
            /** Format: uuid */
            id: string;
            layers?: components["schemas"]["LayersInputRequest"];
            /** Format: uuid */
            lease_token: string;
            reason?: (components["schemas"]["DecisionReasonEnum"] | components["schemas"]["NullEnum"]) | null;
            seen?: {
                [key: string]: unknown;
            };
            significance?: (components["schemas"]["SignificanceEnum"] | components["schemas"]["NullEnum"]) | null;
            verdict: components["schemas"]["VerdictEnum"];
        };
        /**
         * @description * `not_on_image` - not_on_image
         *     * `on_image` - on_image
         *     * `wrong_label` - wrong_label
         *     * `wrong_place` - wrong_place
         *     * `device_or_artefact` - device_or_artefact
         *     * `normal_variant` - normal_variant
         *     * `known_or_stable` - known_or_stable
         *     * `draft_says_it` - draft_says_it
         *     * `draft_misread` - draft_misread
         *     * `draft_does_not_say_it` - draft_does_not_say_it
         *     * `true_but_not_relevant` - true_but_not_relevant
         *     * `duplicate` - duplicate
         *     * `image_quality` - image_quality
         *     * `needs_other_view` - needs_other_view
         * @enum {string}
         */
        DecisionReasonEnum: "not_on_image" | "on_image" | "wrong_label" | "wrong_place" | "device_or_artefact" | "normal_variant" | "known_or_stable" | "draft_says_it" | "draft_misread" | "draft_does_not_say_it" | "true_but_not_relevant" | "duplicate" | "image_quality" | "needs_other_view";
        Delivery: {
            attempts: number;
            /** Format: date-time */
            created_at: string;
            data: {
                [key: string]: unknown;
            };
            event: components["schemas"]["WebhookEventEnum"];
            history: components["schemas"]["WebhookAttempt"][];
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            next_at: string | null;
            state: components["schemas"]["DeliveryStateEnum"];
            target: components["schemas"]["DeliveryTarget"];
            /** Format: uuid */
            webhook: string;
        };
        DeliveryPage: {
            /** Format: uri */
            next: string | null;
            /** Format: uri */
            previous: string | null;
            results: components["schemas"]["Delivery"][];
        };
        /**
         * @description * `waiting` - Waiting
         *     * `delivered` - Delivered
         *     * `gave_up` - Gave Up
         * @enum {string}
         */
        DeliveryStateEnum: "waiting" | "delivered" | "gave_up";
        DeliveryTarget: {
            /** Format: uuid */
            id: string;
            type: string;
        };
        DemoAccount: {
            password: string;
            role: string;
            username: string;
        };
        Difference: {
            /** Format: uuid */
            flag: string | null;
            label: components["schemas"]["LabelEnum"];
            what: components["schemas"]["WhatEnum"];
        };
        Draft: {
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            id: string;
            origin: components["schemas"]["OriginEnum"];
            /** Format: uuid */
            revises: string | null;
            scrub_state: (components["schemas"]["IdentityStateEnum"] | components["schemas"]["NullEnum"]) | null;
            scrubbed: {
                [key: string]: number;
            } | null;
            text: string;
            version: number;
        };
        DraftInputRequest: {
            /** @default human */
            origin: components["schemas"]["OriginEnum"];
            /** Format: uuid */
            revises?: string | null;
            text: string;
        };
        /**
         * @description * `parsed` - parsed
         *     * `empty` - empty
         *     * `unparsed` - unparsed
         * @enum {string}
         */
        DraftStateEnum: "parsed" | "empty" | "unparsed";
        EarlierRead: {
            decisions: components["schemas"]["Decision"][];
            /** Format: uuid */
            id: string;
            missed_findings: components["schemas"]["MissedFinding"][];
            reopened: components["schemas"]["Reopened"];
            /** Format: date-time */
            submitted_at: string | null;
        };
        ExpectedFlag: {
            kind: components["schemas"]["FlagKindEnum"];
            label: components["schemas"]["LabelEnum"];
            reason: string | null;
            reported: boolean | null;
        };
        Experience: {
            experience: components["schemas"]["ExperienceEnum"] | components["schemas"]["BlankEnum"];
        };
        /**
         * @description * `student` - Student
         *     * `in_training` - In Training
         *     * `under_5_years` - Under 5 Years
         *     * `5_to_14_years` - Under 15 Years
         *     * `15_years_or_more` - Over 15 Years
         * @enum {string}
         */
        ExperienceEnum: "student" | "in_training" | "under_5_years" | "5_to_14_years" | "15_years_or_more";
        ExperienceRequest: {
            experience: components["schemas"]["ExperienceEnum"] | components["schemas"]["BlankEnum"];
        };
        FailedStep: {
            /** Format: date-time */
            at: string;
            attempt: number;
            claims: number;
            code: string;
            /** Format: uuid */
            id: string;
            message: string;
            step: components["schemas"]["StepEnum"];
            traceback: string;
        };
        Failure: {
            code: string;
            message: string;
            step: components["schemas"]["StepEnum"];
        };
        Failures: {
            results: components["schemas"]["FailedStep"][];
        };
        Filled: {
            added: number;
            already: number;
            assigned: number;
            drawn: number;
            matched: number;
        };
        /** @description ``assign_to``: by user name, who in turn reads what is added; if empty, whoever claims it. */
        FillInputRequest: {
            assign_to?: string[];
        };
        Finding: {
            below: boolean;
            box: number[] | null;
            /** Format: uuid */
            id: string;
            label: components["schemas"]["LabelEnum"];
            region: string | null;
            /** Format: double */
            score: number | null;
        };
        Flag: {
            boxes: number[][];
            /** Format: uuid */
            id: string;
            kind: components["schemas"]["FlagKindEnum"];
            label: components["schemas"]["LabelEnum"];
            reason: (components["schemas"]["FlagReasonEnum"] | components["schemas"]["NullEnum"]) | null;
            reported: boolean | null;
            rule: string;
            side: (components["schemas"]["SideEnum"] | components["schemas"]["NullEnum"]) | null;
            side_agrees: boolean | null;
            spans: number[][];
            urgency: components["schemas"]["Urgency"] | null;
        };
        FlagCounts: {
            MISSING: number;
            UNSUPPORTED: number;
            URGENT: number;
        };
        /**
         * @description * `MISSING` - MISSING
         *     * `UNSUPPORTED` - UNSUPPORTED
         *     * `URGENT` - URGENT
         * @enum {string}
         */
        FlagKindEnum: "MISSING" | "UNSUPPORTED" | "URGENT";
        FlagRates: {
            precision: components["schemas"]["Measure"];
            recall: components["schemas"]["Measure"];
        };
        /**
         * @description * `omitted` - omitted
         *     * `denied` - denied
         * @enum {string}
         */
        FlagReasonEnum: "omitted" | "denied";
        FlagRulingInputRequest: {
            box?: number[] | null;
            /** Format: uuid */
            flag: string;
            /** Format: uuid */
            id: string;
            reason?: (components["schemas"]["DecisionReasonEnum"] | components["schemas"]["NullEnum"]) | null;
            verdict: components["schemas"]["VerdictEnum"];
        };
        Generation: {
            attempt: number;
            detail: string;
            member: string;
            model: components["schemas"]["GenerationModel"];
            ms: number;
            outcome: components["schemas"]["GenerationOutcomeEnum"];
            position: number;
            raw: string;
            settings: {
                [key: string]: unknown;
            };
            step: components["schemas"]["StepEnum"];
            tokens_in: number | null;
            tokens_out: number | null;
        };
        GenerationCounts: {
            failed: number;
            generations: number;
            recovered: number;
            used: number;
        };
        GenerationModel: {
            /** Format: uuid */
            id: string;
            name: string;
            version: string;
        };
        /**
         * @description * `used` - used
         *     * `recovered` - recovered
         *     * `failed` - failed
         * @enum {string}
         */
        GenerationOutcomeEnum: "used" | "recovered" | "failed";
        Generations: {
            results: components["schemas"]["Generation"][];
        };
        /**
         * @description * `suspected` - suspected
         *     * `cleared` - cleared
         * @enum {string}
         */
        IdentityStateEnum: "suspected" | "cleared";
        /**
         * @description * `grounded` - grounded
         *     * `partial` - partial
         *     * `failed` - failed
         * @enum {string}
         */
        ImageStateEnum: "grounded" | "partial" | "failed";
        Import: {
            counts: components["schemas"]["Counts"];
            /** Format: date-time */
            created_at: string;
            created_by: string | null;
            dry_run: boolean;
            errors_url: string;
            failure: components["schemas"]["ImportFailure"] | null;
            /** Format: date-time */
            finished_at: string | null;
            /** Format: uuid */
            id: string;
            layout: components["schemas"]["ImportLayoutEnum"];
            notes: string[];
            received: number;
            size: number | null;
            skip_duplicates: boolean;
            source: string;
            start_audits: boolean;
            /** Format: date-time */
            started_at: string | null;
            state: components["schemas"]["ImportStateEnum"];
            total: number | null;
        };
        ImportFailure: {
            code: string;
            message: string;
        };
        ImportInputRequest: {
            /** @default auto */
            layout: components["schemas"]["ImportLayoutEnum"];
            /** @default  */
            sha256: string;
            size: number;
            /** @default false */
            skip_duplicates: boolean;
            source: string;
            /** @default false */
            start_audits: boolean;
        };
        /**
         * @description * `auto` - auto
         *     * `manifest` - manifest
         *     * `pairs` - pairs
         *     * `folders` - folders
         *     * `vindr` - vindr
         *     * `nih` - nih
         *     * `chestxdet` - chestxdet
         *     * `coco` - coco
         * @enum {string}
         */
        ImportLayoutEnum: "auto" | "manifest" | "pairs" | "folders" | "vindr" | "nih" | "chestxdet" | "coco";
        ImportPage: {
            /** Format: uri */
            next: string | null;
            /** Format: uri */
            previous: string | null;
            results: components["schemas"]["Import"][];
        };
        ImportRow: {
            /** Format: uuid */
            case: string | null;
            /** Format: uuid */
            draft: string | null;
            duplicate_distance: number | null;
            /** Format: uuid */
            duplicate_of: string | null;
            duplicate_row: number | null;
            field: string;
            is_new_draft: boolean;
            lost_findings: number;
            number: number;
            outcome: components["schemas"]["RowOutcomeEnum"];
            reason: string;
        };
        ImportRowPage: {
            /** Format: uri */
            next: string | null;
            /** Format: uri */
            previous: string | null;
            results: components["schemas"]["ImportRow"][];
        };
        ImportStartRequest: {
            /** @default false */
            dry_run: boolean;
        };
        /**
         * @description * `uploading` - uploading
         *     * `checking` - checking
         *     * `checked` - checked
         *     * `importing` - importing
         *     * `done` - done
         *     * `failed` - failed
         *     * `cancelled` - cancelled
         * @enum {string}
         */
        ImportStateEnum: "uploading" | "checking" | "checked" | "importing" | "done" | "failed" | "cancelled";
        /**
         * @description * `control` - control
         *     * `drop` - drop
         *     * `add` - add
         *     * `deny` - deny
         *     * `hedge` - hedge
         *     * `swap_side` - swap_side
         *     * `change_severity` - change_severity
         *     * `change_location` - change_location
         *     * `repeat` - repeat
         *     * `contradict` - contradict
         *     * `typo` - typo
         * @enum {string}
         */
        KindsEnum: "control" | "drop" | "add" | "deny" | "hedge" | "swap_side" | "change_severity" | "change_location" | "repeat" | "contradict" | "typo";
        /**
         * @description * `pleural_effusion` - pleural_effusion
         *     * `pneumothorax` - pneumothorax
         *     * `lung_opacity_consolidation` - lung_opacity_consolidation
         *     * `nodule_mass` - nodule_mass
         *     * `cardiomegaly` - cardiomegaly
         * @enum {string}
         */
        LabelEnum: "pleural_effusion" | "pneumothorax" | "lung_opacity_consolidation" | "nodule_mass" | "cardiomegaly";
        LabelRulingInputRequest: {
            box?: number[] | null;
            /** Format: uuid */
            id: string;
            label: components["schemas"]["LabelEnum"];
            present: boolean;
        };
        /**
         * @description * `present` - present
         *     * `uncertain` - uncertain
         *     * `absent` - absent
         * @enum {string}
         */
        LabelStateEnum: "present" | "uncertain" | "absent";
        /**
         * @description * `R` - R
         *     * `L` - L
         *     * `B` - B
         *     * `U` - U
         * @enum {string}
         */
        LateralityEnum: "R" | "L" | "B" | "U";
        Layers: {
            box_right: boolean | null;
            draft_read_right: boolean | null;
            finding_true: boolean | null;
        };
        /** @description Only the layers of which the reader says otherwise than verdict and reason do. */
        LayersInputRequest: {
            box_right?: boolean | null;
            draft_read_right?: boolean | null;
            finding_true?: boolean | null;
        };
        LeaseEnd: {
            /** Format: date-time */
            expires_at: string;
        };
        LeaseRequest: {
            fence: number;
            /** Format: uuid */
            lease_token: string;
        };
        Ledger: {
            attempt: number;
            detail: string;
            raw: string;
            reason: components["schemas"]["LedgerReasonEnum"];
            step: components["schemas"]["StepEnum"];
        };
        /**
         * @description * `unknown_label` - unknown_label
         *     * `bad_box` - bad_box
         *     * `duplicate` - duplicate
         *     * `truncated` - truncated
         *     * `unparsable` - unparsable
         *     * `span_not_in_draft` - span_not_in_draft
         *     * `no_finding_conflict` - no_finding_conflict
         * @enum {string}
         */
        LedgerReasonEnum: "unknown_label" | "bad_box" | "duplicate" | "truncated" | "unparsable" | "span_not_in_draft" | "no_finding_conflict";
        LogEntry: {
            action: string;
            actor: string | null;
            address: string | null;
            /** Format: date-time */
            at: string;
            data: {
                [key: string]: unknown;
            };
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            object_id: string;
            object_type: string;
        };
        LogEntryPage: {
            /** Format: uri */
            next: string | null;
            /** Format: uri */
            previous: string | null;
            results: components["schemas"]["LogEntry"][];
        };
        /** @description ``value`` is null where there is nothing to divide by; the interval is 95%, by patient. */
        Measure: {
            /** Format: double */
            high: number | null;
            /** Format: double */
            low: number | null;
            n: number;
            /** Format: double */
            value: number | null;
        };
        Member: {
            active: boolean;
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            id: string;
            role: components["schemas"]["MemberRoleEnum"];
            username: string;
        };
        MemberInputRequest: {
            role: components["schemas"]["MemberRoleEnum"];
            username: string;
        };
        MemberPage: {
            /** Format: uri */
            next: string | null;
            /** Format: uri */
            previous: string | null;
            results: components["schemas"]["Member"][];
        };
        /**
         * @description * `reviewer` - Reviewer
         *     * `adjudicator` - Adjudicator
         * @enum {string}
         */
        MemberRoleEnum: "reviewer" | "adjudicator";
        Mention: {
            change: string | null;
            cue: string;
            end: number;
            /** Format: uuid */
            id: string;
            label: components["schemas"]["LabelEnum"];
            location: string | null;
            overruled: boolean;
            rule: string;
            section: string;
            severity: string | null;
            side: (components["schemas"]["SideEnum"] | components["schemas"]["NullEnum"]) | null;
            /** Format: double */
            size_mm: number | null;
            start: number;
            state: components["schemas"]["LabelStateEnum"];
            text: string;
        };
        Milliseconds: {
            mean: number;
            p95: number;
        };
        MissedFinding: {
            box: number[] | null;
            comment: string;
            /** Format: uuid */
            id: string;
            label: components["schemas"]["LabelEnum"];
        };
        MissedFindingInputRequest: {
            box?: number[] | null;
            /** @default  */
            comment: string;
            fence: number;
            /** Format: uuid */
            id: string;
            label?: components["schemas"]["LabelEnum"];
            /** Format: uuid */
            lease_token: string;
            /** @default false */
            remove: boolean;
        };
        /**
         * @description * `flags_first` - Flags First
         *     * `blind_first` - Blind First
         * @enum {string}
         */
        ModeEnum: "flags_first" | "blind_first";
        Model: {
            adapter: string;
            card: string;
            checkpoint: string;
            counts: components["schemas"]["ModelCounts"];
            /** Format: date-time */
            created_at: string;
            current: boolean;
            decoding: string;
            hash: string;
            /** Format: uuid */
            id: string;
            kind: components["schemas"]["BackendKindEnum"];
            licence: string;
            may_release_output: boolean;
            name: string;
            prompt: string;
            stats: components["schemas"]["ModelStats"];
            version: string;
            weights_hash: string;
        };
        ModelCard: {
            card: string;
        };
        ModelCounts: {
            done: number;
            failed: number;
        };
        ModelOfStats: {
            /** Format: uuid */
            id: string;
            kind: components["schemas"]["BackendKindEnum"];
            name: string;
            stats: components["schemas"]["ModelStats"];
            version: string;
        };
        ModelPage: {
            /** Format: uri */
            next: string | null;
            /** Format: uri */
            previous: string | null;
            results: components["schemas"]["Model"][];
        };
        /** @description generations = used + recovered + failed; emitted = used things + the ledger's rows. */
        ModelStats: {
            /** Format: date-time */
            counted_at: string;
            emitted: number;
            failed: number;
            generations: number;
            ledger: number;
            ms: components["schemas"]["Milliseconds"] | null;
            rates: components["schemas"]["Rates"];
            recovered: number;
            retries: number;
            used: number;
        };
        ModelWeeks: {
            results: components["schemas"]["Week"][];
        };
        NamedRead: {
            decisions: components["schemas"]["Decision"][];
            /** Format: uuid */
            id: string;
            missed_findings: components["schemas"]["MissedFinding"][];
            name: string;
        };
        /**
         * @description * `major` - major
         *     * `minor` - minor
         *     * `patch` - patch
         * @enum {string}
         */
        NeedsEnum: "major" | "minor" | "patch";
        NewPasswordInputRequest: {
            new_password: string;
            password: string;
        };
        NewSecondFactor: {
            /** @description otpauth://..., for an authenticator app. */
            address: string;
        };
        NewToken: {
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            last_used_at: string | null;
            name: string;
            /** Format: date-time */
            revoked_at: string | null;
            scope: components["schemas"]["TokenScopeEnum"];
            /** @description Shown here and never again. */
            token: string;
        };
        NewWebhook: {
            active: boolean;
            /** Format: date-time */
            created_at: string;
            events: components["schemas"]["WebhookEventEnum"][];
            gave_up: number;
            /** Format: uuid */
            id: string;
            /** @description Shown here and never again. */
            secret: string;
            url: string;
            waiting: number;
        };
        Next: {
            /** Format: uuid */
            audit: string;
            image_url: string;
        };
        NextItems: {
            results: components["schemas"]["Next"][];
        };
        /** @enum {unknown} */
        NullEnum: null;
        Offered: {
            default: boolean;
            detail: string;
            kind: components["schemas"]["BackendKindEnum"];
            /** Format: uuid */
            model: string | null;
            name: string;
            up: boolean;
            version: string | null;
            workers: components["schemas"]["Worker"][];
        };
        /** @description The rest is null unless this person holds the adjudication or settled it. */
        Opened: {
            /** Format: uuid */
            audit: string | null;
            differs: components["schemas"]["Difference"][];
            /** Format: date-time */
            expires_at: string | null;
            fence: number | null;
            held: boolean;
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            lease_token: string | null;
            /** Format: date-time */
            opened_at: string;
            outcome: components["schemas"]["Outcome"] | null;
            /** Format: uuid */
            queue: string;
            reads: components["schemas"]["NamedRead"][] | null;
            /** Format: date-time */
            settled_at: string | null;
            state: components["schemas"]["AdjudicationStateEnum"];
        };
        /**
         * @description * `urgent` - Urgent
         *     * `uncertain` - Uncertain
         *     * `oldest` - Oldest
         *     * `random` - Random
         *     * `informative` - Informative
         * @enum {string}
         */
        OrderEnum: "urgent" | "uncertain" | "oldest" | "random" | "informative";
        /**
         * @description * `human` - human
         *     * `edited` - edited
         *     * `synthetic` - synthetic
         *     * `model` - model
         * @enum {string}
         */
        OriginEnum: "human" | "edited" | "synthetic" | "model";
        Outcome: {
            reason: string;
            rulings: components["schemas"]["Ruling"][];
        };
        /** @description McNemar's table and the exact two-sided p. */
        Pairs: {
            both: number;
            n: number;
            only_a: number;
            only_b: number;
            /** Format: double */
            p: number;
        };
        PasswordInputRequest: {
            password: string;
        };
        PatchedPersonChangeRequest: {
            active?: boolean;
            administrator?: boolean;
            curator?: boolean;
        };
        PatchedQueueChangeRequest: {
            guideline?: string;
            lease_minutes?: number;
            state?: components["schemas"]["QueueStateEnum"];
        };
        PatchedSourceChangeRequest: {
            boxes_redistributable?: boolean;
            citation?: string;
            commercial_use?: boolean;
            consent_note?: string;
            licence?: string;
            name?: string;
            pixels_redistributable?: boolean;
            terms_url?: string;
            text_redistributable?: boolean;
        };
        PatchedWebhookChangeRequest: {
            active?: boolean;
            events?: components["schemas"]["WebhookEventEnum"][];
            url?: string;
        };
        /** @description Where edges of the picture point in the patient: letters of A, P, L, R, H and F. */
        PatientOrientation: {
            /** @description The lower edge; F in most. */
            bottom: string;
            /** @description The right edge; L in a frontal view. */
            right: string;
        };
        Person: {
            active: boolean;
            administrator: boolean;
            curator: boolean;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            last_login: string | null;
            name: string;
            queues: components["schemas"]["PersonQueue"][];
            second_factor: boolean;
            username: string;
        };
        PersonPage: {
            /** Format: uri */
            next: string | null;
            /** Format: uri */
            previous: string | null;
            results: components["schemas"]["Person"][];
        };
        PersonQueue: {
            /** Format: uuid */
            id: string;
            name: string;
            role: components["schemas"]["MemberRoleEnum"];
        };
        /** @description Millimetres of the upright picture, measured in the plane that ``source`` names. */
        PixelSpacing: {
            /**
             * Format: double
             * @description From column to column, across the picture.
             */
            column_mm: number;
            /**
             * Format: double
             * @description From row to row, down the picture.
             */
            row_mm: number;
            source: components["schemas"]["SourceEnum"];
        };
        /** @description ``value`` is null where there is nothing to divide by; the interval is 95%, by patient. */
        PrecisionRow: {
            /** Format: double */
            high: number | null;
            kind: string | null;
            label: string | null;
            /** Format: double */
            low: number | null;
            n: number;
            /** Format: double */
            value: number | null;
        };
        /** @description Null is unknown, and nothing may be measured or marked by it. */
        Prior: {
            code: string;
            draft: components["schemas"]["PriorDraft"] | null;
            height: number;
            /** Format: uuid */
            id: string;
            image_url: string;
            laterality: (components["schemas"]["LateralityEnum"] | components["schemas"]["NullEnum"]) | null;
            patient_orientation: components["schemas"]["PatientOrientation"] | null;
            pixel_spacing: components["schemas"]["PixelSpacing"] | null;
            /** @description The full depth; null where the image has 8 bits anyway. */
            pixels_url: string | null;
            thumbnail_url: string;
            view: components["schemas"]["ViewEnum"] | components["schemas"]["BlankEnum"];
            width: number;
        };
        PriorDraft: {
            /** Format: uuid */
            id: string;
            origin: components["schemas"]["OriginEnum"];
            text: string;
        };
        /**
         * @description * `person` - person
         *     * `batch` - batch
         * @enum {string}
         */
        PriorityEnum: "person" | "batch";
        Progress: {
            cancelled: number;
            done: number;
            eta_seconds: number | null;
            failed: number;
            left: number;
            queued: number;
            /** Format: double */
            rate_per_minute: number | null;
            refused: number;
            running: number;
            total: number;
            unstarted: number;
        };
        Promotion: {
            /** Format: uuid */
            comparison: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            id: string;
            kind: components["schemas"]["BackendKindEnum"];
            model: components["schemas"]["Version"];
            previous: components["schemas"]["Version"] | null;
            promoted_by: string;
            reason: string;
            rollback: boolean;
        };
        PromotionInputRequest: {
            /** Format: uuid */
            comparison?: string | null;
            reason: string;
        };
        PromotionPage: {
            /** Format: uri */
            next: string | null;
            /** Format: uri */
            previous: string | null;
            results: components["schemas"]["Promotion"][];
        };
        Queue: {
            /** Format: double */
            box_iou_bar: number;
            counts: components["schemas"]["QueueCounts"];
            guideline: string;
            guideline_version: number;
            /** Format: uuid */
            id: string;
            lease_minutes: number;
            mode: components["schemas"]["ModeEnum"];
            name: string;
            open_to_all: boolean;
            order: components["schemas"]["OrderEnum"];
            reads_per_item: number;
            rules: components["schemas"]["QueueRules"] | null;
            state: components["schemas"]["QueueStateEnum"];
        };
        QueueCounts: {
            free: number;
            items: number;
            leased: number;
            slots: number;
            submitted: number;
        };
        QueueFilter: {
            /** Format: uuid */
            grounder?: string;
            kind?: components["schemas"]["FlagKindEnum"];
            label?: components["schemas"]["LabelEnum"];
            not_reviewed?: boolean;
            origin?: components["schemas"]["OriginEnum"];
            /** Format: uuid */
            parser?: string;
            source?: string;
            urgency?: components["schemas"]["UrgencyEnum"];
        };
        QueueFilterRequest: {
            /** Format: uuid */
            grounder?: string;
            kind?: components["schemas"]["FlagKindEnum"];
            label?: components["schemas"]["LabelEnum"];
            not_reviewed?: boolean;
            origin?: components["schemas"]["OriginEnum"];
            /** Format: uuid */
            parser?: string;
            source?: string;
            urgency?: components["schemas"]["UrgencyEnum"];
        };
        QueueInputRequest: {
            /**
             * Format: double
             * @default 0.5
             */
            box_iou_bar: number;
            filter?: components["schemas"]["QueueFilterRequest"];
            /** @default  */
            guideline: string;
            /**
             * Format: double
             * @default 1
             */
            informed_share: number;
            /** @default 15 */
            lease_minutes: number;
            /** @default flags_first */
            mode: components["schemas"]["ModeEnum"];
            name: string;
            /** @default true */
            open_to_all: boolean;
            order?: components["schemas"]["OrderEnum"];
            /** @default 1 */
            reads_per_item: number;
            /** @default false */
            takes_done_audits: boolean;
            /**
             * Format: double
             * @default 0
             */
            unflagged_share: number;
        };
        QueueRules: {
            filter: components["schemas"]["QueueFilter"];
            /** Format: double */
            informed_share: number;
            /** Format: double */
            unflagged_share: number;
        };
        /**
         * @description * `open` - Open
         *     * `paused` - Paused
         *     * `closed` - Closed
         * @enum {string}
         */
        QueueStateEnum: "open" | "paused" | "closed";
        Rates: {
            /** Format: double */
            drop: number | null;
            /** Format: double */
            failure: number | null;
            /** Format: double */
            repair: number | null;
            /** Format: double */
            retry: number | null;
            /** Format: double */
            schema_valid: number | null;
        };
        Read: {
            decisions: components["schemas"]["Decision"][];
            /** Format: uuid */
            id: string;
            missed_findings: components["schemas"]["MissedFinding"][];
            /** Format: date-time */
            submitted_at: string | null;
        };
        ReadRow: {
            /** Format: uuid */
            audit: string;
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            queue: string;
            reopened: components["schemas"]["Reopened"] | null;
            /** Format: date-time */
            submitted_at: string;
        };
        ReadRowPage: {
            /** Format: uri */
            next: string | null;
            /** Format: uri */
            previous: string | null;
            results: components["schemas"]["ReadRow"][];
        };
        Reads: {
            needed: number;
            reading: number;
            submitted: number;
        };
        /** @description ``value`` is null where there is nothing to divide by; the interval is 95%, by patient. */
        RecallRow: {
            /** Format: double */
            high: number | null;
            label: string | null;
            /** Format: double */
            low: number | null;
            n: number;
            /** Format: double */
            value: number | null;
        };
        Received: {
            received: number;
            size: number;
        };
        RecoveryCodes: {
            /** @description Shown here and never again; each works once. */
            recovery_codes: string[];
        };
        Refusal: {
            count: number;
            reason: string;
            what: string;
        };
        Release: {
            /** Format: uri */
            archive_url: string | null;
            changes: components["schemas"]["ReleaseChange"][];
            counts: {
                [key: string]: number;
            };
            /** Format: date-time */
            created_at: string;
            failure: string;
            files: components["schemas"]["ReleaseFile"][];
            /** Format: uuid */
            id: string;
            name: string;
            notice: string;
            progress: components["schemas"]["ReleaseProgress"];
            /** Format: date-time */
            published_at: string | null;
            refused: components["schemas"]["Refusal"][];
            selection: components["schemas"]["ReleaseSelection"];
            state: components["schemas"]["ReleaseStateEnum"];
            version: string;
        };
        ReleaseChange: {
            after: number;
            before: number;
            what: string;
        };
        ReleaseDiff: {
            against: components["schemas"]["ReleaseName"];
            cases_moved: number;
            columns: components["schemas"]["ColumnDifference"][];
            needs: components["schemas"]["NeedsEnum"];
            release: components["schemas"]["ReleaseName"];
            tables: components["schemas"]["TableDifference"][];
        };
        ReleaseFile: {
            bytes: number;
            name: string;
            sha256: string;
            /** Format: uri */
            url: string;
        };
        ReleaseInputRequest: {
            name?: string;
            /** @description Only reads of these; without them, of all. */
            queues?: string[];
            /** @description Slugs: only cases of these; without them, of all. */
            sources?: string[];
            version?: string;
        };
        ReleaseName: {
            /** Format: uuid */
            id: string;
            name: string;
            version: string;
        };
        ReleaseProgress: {
            done: number;
            steps: number;
        };
        ReleaseSelection: {
            queues: string[];
            sources: string[];
        };
        /**
         * @description * `building` - Building
         *     * `ready` - Ready
         *     * `failed` - Failed
         *     * `published` - Published
         * @enum {string}
         */
        ReleaseStateEnum: "building" | "ready" | "failed" | "published";
        /** @description When and why an adjudicator opened a submitted read again. */
        Reopened: {
            /** Format: date-time */
            at: string;
            reason: string;
        };
        ReopenInputRequest: {
            /** Format: uuid */
            id: string;
            reason: string;
        };
        Retried: {
            left: number;
            refused: number;
            retried: number;
        };
        RetryInputRequest: {
            audits?: string[];
            /** @default  */
            code: string;
            /** @default  */
            source: string;
        };
        /**
         * @description * `waiting` - waiting
         *     * `valid` - valid
         *     * `created` - created
         *     * `known` - known
         *     * `skipped` - skipped
         *     * `failed` - failed
         * @enum {string}
         */
        RowOutcomeEnum: "waiting" | "valid" | "created" | "known" | "skipped" | "failed";
        /**
         * @description * `single_read` - single_read
         *     * `agreement` - agreement
         *     * `adjudicated` - adjudicated
         * @enum {string}
         */
        RuleEnum: "single_read" | "agreement" | "adjudicated";
        Ruling: {
            box: number[] | null;
            /** Format: uuid */
            flag: string | null;
            /** Format: uuid */
            id: string;
            label: components["schemas"]["LabelEnum"];
            present: boolean | null;
            reason: string | null;
            verdict: string | null;
        };
        SecondFactor: {
            /** @description Their role needs one on this platform. */
            needed: boolean;
            on: boolean;
            recovery_codes_left: number;
        };
        SeenBox: {
            box: number[];
            label: components["schemas"]["LabelEnum"];
        };
        SeenBoxRequest: {
            box: number[];
            label: components["schemas"]["LabelEnum"];
        };
        Session: {
            csrf_token: string;
            demo: components["schemas"]["DemoAccount"][];
            events_url: string;
            notice: string;
            sign_in_with: components["schemas"]["SignInWith"] | null;
            user: components["schemas"]["SessionUser"] | null;
        };
        SessionUser: {
            /** Format: uuid */
            id: string;
            initials: string;
            roles: string[];
            /** @description True: nothing but turning on a second factor is allowed. */
            second_factor_missing: boolean;
            username: string;
        };
        SettledLabel: {
            label: components["schemas"]["LabelEnum"];
            rule: components["schemas"]["RuleEnum"];
            state: (components["schemas"]["LabelStateEnum"] | components["schemas"]["NullEnum"]) | null;
        };
        /** @description The lease that the claim gave. */
        SettleInputRequest: {
            fence: number;
            /** Format: uuid */
            lease_token: string;
            missed?: components["schemas"]["LabelRulingInputRequest"][];
            reason: string;
            rulings?: components["schemas"]["FlagRulingInputRequest"][];
        };
        /** @description images = used + partial + failed + missing. */
        SideAccount: {
            failed: number;
            generations: components["schemas"]["GenerationCounts"];
            images: number;
            missing: number;
            partial: number;
            used: number;
        };
        /**
         * @description * `left` - left
         *     * `right` - right
         *     * `bilateral` - bilateral
         * @enum {string}
         */
        SideEnum: "left" | "right" | "bilateral";
        /**
         * @description * `none` - none
         *     * `minor` - minor
         *     * `significant` - significant
         * @enum {string}
         */
        SignificanceEnum: "none" | "minor" | "significant";
        SignInLock: {
            address: string | null;
            failures: number;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            until: string;
            /** @description Null where nobody has the name that was guessed at. */
            username: string | null;
        };
        SignInLockPage: {
            /** Format: uri */
            next: string | null;
            /** Format: uri */
            previous: string | null;
            results: components["schemas"]["SignInLock"][];
        };
        SignInWith: {
            name: string;
            /** @description Where signing in by the provider begins. */
            url: string;
        };
        SkipInputRequest: {
            fence: number;
            /** Format: uuid */
            lease_token: string;
            reason: components["schemas"]["SkipReasonEnum"];
        };
        /**
         * @description * `image_quality` - Image Quality
         *     * `not_my_field` - Not My Field
         *     * `conflict_of_interest` - Conflict Of Interest
         *     * `other` - Other
         * @enum {string}
         */
        SkipReasonEnum: "image_quality" | "not_my_field" | "conflict_of_interest" | "other";
        Slot: {
            /** Format: uuid */
            audit: string;
            commits: components["schemas"]["Commit"][];
            earlier: components["schemas"]["EarlierRead"][];
            /** Format: date-time */
            expires_at: string | null;
            fence: number;
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            item: string;
            /** Format: uuid */
            lease_token: string | null;
            /** Format: uuid */
            queue: string;
            read: components["schemas"]["Read"];
            step: components["schemas"]["BlindStepEnum"];
        };
        Source: {
            boxes_redistributable: boolean;
            citation: string;
            commercial_use: boolean;
            consent_note: string;
            /** Format: uuid */
            id: string;
            licence: string;
            name: string;
            pixels_redistributable: boolean;
            slug: string;
            terms_url: string;
            text_redistributable: boolean;
        };
        /**
         * @description * `pixel` - pixel
         *     * `imager` - imager
         *     * `sender` - sender
         * @enum {string}
         */
        SourceEnum: "pixel" | "imager" | "sender";
        SourceInputRequest: {
            boxes_redistributable?: boolean;
            citation?: string;
            commercial_use?: boolean;
            consent_note?: string;
            licence?: string;
            name: string;
            pixels_redistributable?: boolean;
            slug: string;
            terms_url?: string;
            text_redistributable?: boolean;
        };
        SourcePage: {
            /** Format: uri */
            next: string | null;
            /** Format: uri */
            previous: string | null;
            results: components["schemas"]["Source"][];
        };
        Stats: {
            audits: {
                [key: string]: number;
            };
            cases: number;
            /** Format: date-time */
            counted_at: string;
            flags: {
                [key: string]: number;
            };
            labels: {
                [key: string]: number;
            };
            models: components["schemas"]["ModelOfStats"][];
        };
        /**
         * @description * `grounding` - grounding
         *     * `parsing` - parsing
         *     * `comparing` - comparing
         * @enum {string}
         */
        StepEnum: "grounding" | "parsing" | "comparing";
        StepTimes: {
            comparing: number | null;
            grounding: number | null;
            parsing: number | null;
        };
        Submission: {
            /** Format: uuid */
            id: string;
            reopened: components["schemas"]["Reopened"] | null;
            /** Format: date-time */
            submitted_at: string;
        };
        SubmitInputRequest: {
            /**
             * @description Claim the queue's next slot in the same answer.
             * @default false
             */
            claim_next: boolean;
            fence: number;
            /** Format: uuid */
            lease_token: string;
            nothing_else_missed: boolean;
        };
        Submitted: {
            /** @description The claim that was asked for; null if none was, or they no longer read here. */
            next: components["schemas"]["ClaimAnswer"] | null;
            /** Format: uuid */
            read: string;
            /** Format: date-time */
            submitted_at: string;
        };
        Synthesis: {
            /** Format: uuid */
            batch: string;
            cases: number;
            created: number;
            kinds: {
                [key: string]: number;
            };
            known: number;
            lacking: {
                [key: string]: string[];
            };
        };
        SynthesisInputRequest: {
            count: number;
            /**
             * @default [
             *       "drop",
             *       "add",
             *       "control"
             *     ]
             */
            kinds: components["schemas"]["KindsEnum"][];
            /** Format: uuid */
            run?: string;
            /** Format: int64 */
            seed: number;
            source?: string;
            /** @default false */
            start_audits: boolean;
        };
        SyntheticDraft: {
            /** Format: uuid */
            batch: string;
            /** Format: uuid */
            case: string;
            /** Format: uuid */
            draft: string;
            expected_flags: components["schemas"]["ExpectedFlag"][];
            kind: string;
            label: string | null;
            seed: number;
        };
        SyntheticDraftPage: {
            /** Format: uri */
            next: string | null;
            /** Format: uri */
            previous: string | null;
            results: components["schemas"]["SyntheticDraft"][];
        };
        TableDifference: {
            added: number;
            after: number;
            before: number;
            changed: number;
            removed: number;
            table: string;
        };
        Token: {
            token: string;
        };
        TokenInputRequest: {
            /** @default 90 */
            days: number;
            name: string;
            scope: components["schemas"]["TokenScopeEnum"];
        };
        /**
         * @description * `read` - Read
         *     * `write` - Write
         *     * `administer` - Administer
         * @enum {string}
         */
        TokenScopeEnum: "read" | "write" | "administer";
        TopFlag: {
            kind: components["schemas"]["FlagKindEnum"];
            label: components["schemas"]["LabelEnum"];
            reason: (components["schemas"]["FlagReasonEnum"] | components["schemas"]["NullEnum"]) | null;
            reported: boolean | null;
        };
        Twin: {
            code: string;
            /** Format: uuid */
            id: string;
        };
        /**
         * @description * `finding` - finding
         *     * `absence` - absence
         *     * `measurement` - measurement
         *     * `impression` - impression
         *     * `recommendation` - recommendation
         *     * `other` - other
         * @enum {string}
         */
        TypeEnum: "finding" | "absence" | "measurement" | "impression" | "recommendation" | "other";
        UndoInputRequest: {
            /** Format: uuid */
            decision?: string | null;
            fence: number;
            /** Format: uuid */
            lease_token: string;
        };
        Undone: {
            /** Format: uuid */
            retracted: string | null;
        };
        Urgency: {
            tier: number;
            wording: string;
        };
        /**
         * @description * `any` - any
         *     * `unreported` - unreported
         * @enum {string}
         */
        UrgencyEnum: "any" | "unreported";
        /**
         * @description * `confirmed` - confirmed
         *     * `confirmed_modified` - confirmed_modified
         *     * `dismissed` - dismissed
         *     * `indeterminate` - indeterminate
         * @enum {string}
         */
        VerdictEnum: "confirmed" | "confirmed_modified" | "dismissed" | "indeterminate";
        Version: {
            adapter: string;
            checkpoint: string;
            decoding: string;
            hash: string;
            /** Format: uuid */
            id: string;
            kind: components["schemas"]["BackendKindEnum"];
            name: string;
            prompt: string;
            version: string;
        };
        /** @description B - A; ``sure``: the 95% interval excludes 0. */
        VersionDifference: {
            /** Format: double */
            high: number | null;
            /** Format: double */
            low: number | null;
            n: number;
            sure: boolean;
            /** Format: double */
            value: number | null;
        };
        /**
         * @description * `` -
         *     * `PA` - PA
         *     * `AP` - AP
         *     * `LATERAL` - LATERAL
         * @enum {string}
         */
        ViewEnum: "PA" | "AP" | "LATERAL";
        /** @description ``state`` is null where the member did not assess the label, or failed. */
        Vote: {
            boxes: number[][];
            label: components["schemas"]["LabelEnum"];
            member: string;
            /** Format: double */
            score: number | null;
            state: (components["schemas"]["LabelStateEnum"] | components["schemas"]["NullEnum"]) | null;
        };
        Webhook: {
            active: boolean;
            /** Format: date-time */
            created_at: string;
            events: components["schemas"]["WebhookEventEnum"][];
            gave_up: number;
            /** Format: uuid */
            id: string;
            url: string;
            waiting: number;
        };
        WebhookAttempt: {
            /** Format: date-time */
            at: string;
            error: string;
            ms: number | null;
            status: number | null;
        };
        /**
         * @description * `audit.done` - audit.done
         *     * `audit.failed` - audit.failed
         *     * `read.submitted` - read.submitted
         *     * `adjudication.settled` - adjudication.settled
         *     * `release.published` - release.published
         *     * `case.withdrawn` - case.withdrawn
         * @enum {string}
         */
        WebhookEventEnum: "audit.done" | "audit.failed" | "read.submitted" | "adjudication.settled" | "release.published" | "case.withdrawn";
        WebhookInputRequest: {
            events: components["schemas"]["WebhookEventEnum"][];
            url: string;
        };
        WebhookPage: {
            /** Format: uri */
            next: string | null;
            /** Format: uri */
            previous: string | null;
            results: components["schemas"]["Webhook"][];
        };
        /**
         * @description Intervals are 95%: Wilson's of rates, the normal one of means. ``moved``: figures whose
         *     interval lies apart from ``before``'s, that of the eight weeks before. Brightness is the mean of
         *     the picture as it is shown, 0 to 1.
         */
        Week: {
            audits: number;
            before: {
                [key: string]: components["schemas"]["Measure"];
            };
            dismissed_by_reason: {
                [key: string]: components["schemas"]["Measure"];
            };
            failed: number;
            images: components["schemas"]["WeekImages"];
            moved: string[];
            rates: {
                [key: string]: components["schemas"]["Measure"];
            };
            /** Format: date */
            starts: string;
            week: string;
        };
        WeekImages: {
            brightness: components["schemas"]["Measure"] | null;
            megapixels: components["schemas"]["Measure"] | null;
            sources: {
                [key: string]: number;
            };
            views: {
                [key: string]: number;
            };
        };
        /**
         * @description * `verdict` - verdict
         *     * `label` - label
         *     * `box` - box
         * @enum {string}
         */
        WhatEnum: "verdict" | "label" | "box";
        /** @description ``settled`` is null for who doesn't curate: they may still read the case. */
        WholeCase: {
            age: number | null;
            audits: components["schemas"]["CaseAudit"][];
            burned_in: (components["schemas"]["IdentityStateEnum"] | components["schemas"]["NullEnum"]) | null;
            code: string;
            /** Format: date-time */
            created_at: string;
            drafts: components["schemas"]["Draft"][];
            height: number;
            /** Format: uuid */
            id: string;
            image_url: string;
            laterality: (components["schemas"]["LateralityEnum"] | components["schemas"]["NullEnum"]) | null;
            patient_code: string | null;
            patient_orientation: components["schemas"]["PatientOrientation"] | null;
            phantom: boolean;
            pixel_spacing: components["schemas"]["PixelSpacing"] | null;
            /** @description The full depth; null where the image has 8 bits anyway. */
            pixels_url: string | null;
            prior: components["schemas"]["Prior"] | null;
            settled: components["schemas"]["SettledLabel"][] | null;
            sex: string;
            source: string;
            thumbnail_url: string;
            under_18: boolean | null;
            view: components["schemas"]["ViewEnum"] | components["schemas"]["BlankEnum"];
            width: number;
        };
        /** @description ``red``: a version left cases unanswered, as ``warnings`` say; read no score before. */
        WholeComparison: {
            a: components["schemas"]["Version"];
            b: components["schemas"]["Version"];
            cases: number;
            /** Format: date-time */
            created_at: string;
            created_by: string | null;
            /** Format: uuid */
            id: string;
            left_out: number;
            /** Format: uuid */
            queue: string | null;
            red: boolean;
            report: components["schemas"]["ComparisonReport"];
            seed: number;
            source: string | null;
            warnings: string[];
        };
        /** @description A submitted read, and all that was ever submitted of its slot, the oldest first. */
        WholeRead: {
            /** Format: uuid */
            audit: string;
            decisions: components["schemas"]["Decision"][];
            history: components["schemas"]["Submission"][];
            /** Format: uuid */
            id: string;
            missed_findings: components["schemas"]["MissedFinding"][];
            /** Format: uuid */
            queue: string;
            reopened: components["schemas"]["Reopened"] | null;
            /** Format: date-time */
            submitted_at: string | null;
        };
        Withdrawal: {
            code: string;
            content_sha256: string;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            purged_at: string | null;
            reason: components["schemas"]["WithdrawalReasonEnum"];
            same_pixels: components["schemas"]["Twin"][];
            source: string;
            /** Format: date-time */
            withdrawn_at: string;
        };
        WithdrawalInputRequest: {
            reason: components["schemas"]["WithdrawalReasonEnum"];
        };
        WithdrawalPage: {
            /** Format: uri */
            next: string | null;
            /** Format: uri */
            previous: string | null;
            results: components["schemas"]["Withdrawal"][];
        };
        /**
         * @description * `patient_request` - patient_request
         *     * `source_request` - source_request
         *     * `identity_found` - identity_found
         *     * `licence` - licence
         *     * `other` - other
         * @enum {string}
         */
        WithdrawalReasonEnum: "patient_request" | "source_request" | "identity_found" | "licence" | "other";
        Worker: {
            detail: string;
            host: string;
            memory_mb: number | null;
            /** Format: date-time */
            seen_at: string;
            /** Format: date-time */
            started_at: string;
            up: boolean;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    adjudications_list: {
        parameters: {
            query?: {
                /** @description From next or previous. */
                cursor?: string;
                /** @description Rows a page, 50 by default. */
                limit?: number;
                queue?: string;
                state?: "open" | "reopened" | "settled";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdjudicationPage"];
                };
            };
        };
    };
    adjudications_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                adjudication_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Opened"];
                };
            };
        };
    };
    adjudications_claim_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                adjudication_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Opened"];
                };
            };
        };
    };
    adjudications_release_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                adjudication_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChairRequest"];
            };
        };
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    adjudications_settle_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                adjudication_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SettleInputRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Opened"];
                };
            };
        };
    };
    alerts_list: {
        parameters: {
            query?: {
                /** @description From next or previous. */
                cursor?: string;
                /** @description Rows a page, 50 by default. */
                limit?: number;
                model?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertPage"];
                };
            };
        };
    };
    audit_log_list: {
        parameters: {
            query?: {
                /** @description Such as audit.done. */
                action?: string;
                /** @description Who did it: a person's id. */
                actor?: string;
                /** @description From next or previous. */
                cursor?: string;
                /** @description Rows a page, 50 by default. */
                limit?: number;
                /** @description The id of what was changed. */
                object?: string;
                /** @description Such as audit or queue. */
                object_type?: string;
                /** @description From this moment on. */
                since?: string;
                /** @description Before this moment. */
                until?: string;
                /** @description Who did it: their name. */
                username?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogEntryPage"];
                };
            };
        };
    };
    audit_log_chain: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChainState"];
                };
            };
        };
    };
    audit_log_export: {
        parameters: {
            query?: {
                /** @description Such as audit.done. */
                action?: string;
                /** @description Who did it: a person's id. */
                actor?: string;
                as?: "csv" | "jsonl";
                /** @description The id of what was changed. */
                object?: string;
                /** @description Such as audit or queue. */
                object_type?: string;
                /** @description From this moment on. */
                since?: string;
                /** @description Before this moment. */
                until?: string;
                /** @description Who did it: their name. */
                username?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                    "text/csv": string;
                };
            };
        };
    };
    audits_list: {
        parameters: {
            query?: {
                case?: string;
                /** @description Why it failed. */
                code?: string;
                /** @description From next or previous. */
                cursor?: string;
                kind?: "MISSING" | "UNSUPPORTED" | "URGENT";
                label?: "cardiomegaly" | "lung_opacity_consolidation" | "nodule_mass" | "pleural_effusion" | "pneumothorax";
                /** @description Rows a page, 50 by default. */
                limit?: number;
                order?: "newest" | "oldest" | "urgent";
                /** @description In drafts and case codes. */
                q?: string;
                source?: string;
                state?: "cancelled" | "done" | "failed" | "queued" | "running";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditRowPage"];
                };
            };
        };
    };
    audits_retrieve: {
        parameters: {
            query?: {
                /** @description With 1, also each label's best candidate below its threshold. */
                all?: "1";
            };
            header?: never;
            path: {
                audit_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Audit"];
                };
            };
        };
    };
    audits_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                audit_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditRef"];
                };
            };
        };
    };
    audits_failures: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                audit_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failures"];
                };
            };
        };
    };
    audits_fhir: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                audit_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/fhir+json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    audits_generations: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                audit_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Generations"];
                };
            };
        };
    };
    audits_retry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                audit_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditRef"];
                };
            };
        };
    };
    audits_sr: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                audit_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/dicom": string;
                };
            };
        };
    };
    audits_retry_many: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RetryInputRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Retried"];
                };
            };
        };
    };
    session_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    session_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CredentialsInputRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    session_delete: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    token_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CredentialsInputRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Token"];
                };
            };
        };
    };
    backends_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Backends"];
                };
            };
        };
    };
    batches_list: {
        parameters: {
            query?: {
                /** @description From next or previous. */
                cursor?: string;
                /** @description Rows a page, 50 by default. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchPage"];
                };
            };
        };
    };
    batches_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["BatchInputRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
        };
    };
    batches_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                batch_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
        };
    };
    batches_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                batch_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
        };
    };
    batches_items: {
        parameters: {
            query?: {
                /** @description From next or previous. */
                cursor?: string;
                /** @description Rows a page, 50 by default. */
                limit?: number;
                state?: "cancelled" | "done" | "failed" | "queued" | "refused" | "running" | "unstarted";
            };
            header?: never;
            path: {
                batch_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchItemPage"];
                };
            };
        };
    };
    batches_retry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                batch_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
        };
    };
    cases_list: {
        parameters: {
            query?: {
                /** @description From next or previous. */
                cursor?: string;
                /** @description Rows a page, 50 by default. */
                limit?: number;
                /** @description Only cases of which this waits to be cleared before it can leave. */
                uncleared?: "draft" | "picture";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseDetailPage"];
                };
            };
        };
    };
    cases_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["CaseInputRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseCreated"];
                };
            };
        };
    };
    cases_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WholeCase"];
                };
            };
        };
    };
    cases_audits_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["AuditInputRequest"];
                "application/x-www-form-urlencoded": components["schemas"]["AuditInputRequest"];
                "multipart/form-data": components["schemas"]["AuditInputRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditRef"];
                };
            };
        };
    };
    cases_clear_burned_in: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Case"];
                };
            };
        };
    };
    cases_drafts_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DraftInputRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Draft"];
                };
            };
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Draft"];
                };
            };
        };
    };
    cases_image: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                };
            };
        };
    };
    cases_pixels: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                };
            };
        };
    };
    cases_thumbnail: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                };
            };
        };
    };
    cases_withdraw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WithdrawalInputRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Withdrawal"];
                };
            };
        };
    };
    comparisons_list: {
        parameters: {
            query?: {
                /** @description From next or previous. */
                cursor?: string;
                /** @description Rows a page, 50 by default. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ComparisonPage"];
                };
            };
        };
    };
    comparisons_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ComparisonInputRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WholeComparison"];
                };
            };
        };
    };
    comparisons_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                comparison_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WholeComparison"];
                };
            };
        };
    };
    deliveries_replay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                delivery_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
        };
    };
    drafts_clear: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                draft_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Draft"];
                };
            };
        };
    };
    imports_list: {
        parameters: {
            query?: {
                /** @description From next or previous. */
                cursor?: string;
                /** @description Rows a page, 50 by default. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportPage"];
                };
            };
        };
    };
    imports_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImportInputRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
        };
    };
    imports_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                import_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
        };
    };
    imports_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                import_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
        };
    };
    imports_content: {
        parameters: {
            query?: never;
            header: {
                /** @description Where in the upload these bytes begin: what `received` said. */
                "Upload-Offset": number;
            };
            path: {
                import_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Received"];
                };
            };
        };
    };
    imports_content_patch: {
        parameters: {
            query?: never;
            header: {
                /** @description Where in the upload these bytes begin: what `received` said. */
                "Upload-Offset": number;
            };
            path: {
                import_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Received"];
                };
            };
        };
    };
    imports_errors: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                import_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    imports_rows: {
        parameters: {
            query?: {
                /** @description From next or previous. */
                cursor?: string;
                duplicates?: boolean;
                /** @description Rows a page, 50 by default. */
                limit?: number;
                outcome?: "created" | "failed" | "known" | "skipped" | "valid" | "waiting";
            };
            header?: never;
            path: {
                import_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportRowPage"];
                };
            };
        };
    };
    imports_start: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                import_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ImportStartRequest"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
        };
    };
    me_experience_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Experience"];
                };
            };
        };
    };
    me_experience_change: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExperienceRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Experience"];
                };
            };
        };
    };
    me_password_change: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPasswordInputRequest"];
            };
        };
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    me_second_factor_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecondFactor"];
                };
            };
        };
    };
    me_second_factor_begin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordInputRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewSecondFactor"];
                };
            };
        };
    };
    me_second_factor_confirm: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodeInputRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
        };
    };
    me_second_factor_remove: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodeInputRequest"];
            };
        };
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    me_sign_out_elsewhere: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    me_tokens_list: {
        parameters: {
            query?: {
                /** @description From next or previous. */
                cursor?: string;
                /** @description Rows a page, 50 by default. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["APITokenPage"];
                };
            };
        };
    };
    me_tokens_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokenInputRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewToken"];
                };
            };
        };
    };
    me_tokens_revoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    models_list: {
        parameters: {
            query?: {
                /** @description From next or previous. */
                cursor?: string;
                /** @description Rows a page, 50 by default. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelPage"];
                };
            };
        };
    };
    models_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
        };
    };
    models_card: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelCard"];
                };
            };
        };
    };
    models_promote: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PromotionInputRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Promotion"];
                };
            };
        };
    };
    models_weeks: {
        parameters: {
            query?: {
                weeks?: number;
            };
            header?: never;
            path: {
                model_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelWeeks"];
                };
            };
        };
    };
    people_list: {
        parameters: {
            query?: {
                /** @description From next or previous. */
                cursor?: string;
                /** @description Rows a page, 50 by default. */
                limit?: number;
                /** @description Parts of a name. */
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonPage"];
                };
            };
        };
    };
    people_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                person_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Person"];
                };
            };
        };
    };
    people_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                person_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PatchedPersonChangeRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Person"];
                };
            };
        };
    };
    people_second_factor_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                person_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    promotions_list: {
        parameters: {
            query?: {
                /** @description From next or previous. */
                cursor?: string;
                kind?: "grounder" | "parser";
                /** @description Rows a page, 50 by default. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PromotionPage"];
                };
            };
        };
    };
    queues_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queue"][];
                };
            };
        };
    };
    queues_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QueueInputRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queue"];
                };
            };
        };
    };
    queues_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                queue_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queue"];
                };
            };
        };
    };
    queues_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                queue_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PatchedQueueChangeRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queue"];
                };
            };
        };
    };
    queues_agreement_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                queue_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Agreement"];
                };
            };
        };
    };
    queue_assignments_list: {
        parameters: {
            query?: {
                /** @description From next or previous. */
                cursor?: string;
                /** @description Rows a page, 50 by default. */
                limit?: number;
            };
            header?: never;
            path: {
                queue_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssignmentPage"];
                };
            };
        };
    };
    queue_assignments_add: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                queue_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AssignInputRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Assigned"];
                };
            };
        };
    };
    queue_assignments_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                person_id: string;
                queue_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    queues_claim_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                queue_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ClaimRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClaimAnswer"];
                };
            };
        };
    };
    queues_fill_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                queue_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["FillInputRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Filled"];
                };
            };
        };
    };
    queue_members_list: {
        parameters: {
            query?: {
                /** @description From next or previous. */
                cursor?: string;
                /** @description Rows a page, 50 by default. */
                limit?: number;
            };
            header?: never;
            path: {
                queue_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberPage"];
                };
            };
        };
    };
    queue_members_add: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                queue_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MemberInputRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
        };
    };
    queue_members_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                member_id: string;
                queue_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    queues_next: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                queue_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NextItems"];
                };
            };
        };
    };
    reads_list: {
        parameters: {
            query?: {
                /** @description From next or previous. */
                cursor?: string;
                /** @description Rows a page, 50 by default. */
                limit?: number;
                queue?: string;
                reopened?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadRowPage"];
                };
            };
        };
    };
    reads_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                read_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WholeRead"];
                };
            };
        };
    };
    reads_reopen_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                read_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReopenInputRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WholeRead"];
                };
            };
        };
    };
    releases_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Release"][];
                };
            };
        };
    };
    releases_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ReleaseInputRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Release"];
                };
            };
        };
    };
    releases_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                release_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Release"];
                };
            };
        };
    };
    releases_archive_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                release_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": string;
                };
            };
        };
    };
    releases_diff_retrieve: {
        parameters: {
            query?: {
                /** @description The older one; else the previous. */
                against?: string;
            };
            header?: never;
            path: {
                release_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleaseDiff"];
                };
            };
        };
    };
    releases_files_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                release_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
        };
    };
    releases_publish_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                release_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Release"];
                };
            };
        };
    };
    sign_in_locks_list: {
        parameters: {
            query?: {
                /** @description From next or previous. */
                cursor?: string;
                /** @description Rows a page, 50 by default. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInLockPage"];
                };
            };
        };
    };
    sign_in_locks_lift: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lock_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    slots_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slot_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Slot"];
                };
            };
        };
    };
    slots_commit_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slot_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CommitInputRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Committed"];
                };
            };
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Committed"];
                };
            };
        };
    };
    slots_decisions_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slot_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecisionInputRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Decision"];
                };
            };
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Decision"];
                };
            };
        };
    };
    slots_heartbeat_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slot_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LeaseRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LeaseEnd"];
                };
            };
        };
    };
    slots_missed_findings_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slot_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MissedFindingInputRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MissedFinding"];
                };
            };
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MissedFinding"];
                };
            };
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    slots_reclaim_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slot_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Slot"];
                };
            };
        };
    };
    slots_release_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slot_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LeaseRequest"];
            };
        };
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    slots_skip_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slot_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SkipInputRequest"];
            };
        };
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    slots_submit_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slot_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SubmitInputRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Submitted"];
                };
            };
        };
    };
    slots_undo_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slot_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UndoInputRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Undone"];
                };
            };
        };
    };
    sources_list: {
        parameters: {
            query?: {
                /** @description From next or previous. */
                cursor?: string;
                /** @description Rows a page, 50 by default. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourcePage"];
                };
            };
        };
    };
    sources_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SourceInputRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Source"];
                };
            };
        };
    };
    sources_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                source_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Source"];
                };
            };
        };
    };
    sources_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                source_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PatchedSourceChangeRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Source"];
                };
            };
        };
    };
    stats_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stats"];
                };
            };
        };
    };
    synthetic_drafts_list: {
        parameters: {
            query?: {
                batch?: string;
                /** @description From next or previous. */
                cursor?: string;
                /** @description Rows a page, 50 by default. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SyntheticDraftPage"];
                };
            };
        };
    };
    synthetic_drafts_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SynthesisInputRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Synthesis"];
                };
            };
        };
    };
    webhooks_list: {
        parameters: {
            query?: {
                /** @description From next or previous. */
                cursor?: string;
                /** @description Rows a page, 50 by default. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookPage"];
                };
            };
        };
    };
    webhooks_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookInputRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewWebhook"];
                };
            };
        };
    };
    webhooks_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
        };
    };
    webhooks_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No response body */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    webhooks_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PatchedWebhookChangeRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
        };
    };
    webhooks_deliveries: {
        parameters: {
            query?: {
                /** @description From next or previous. */
                cursor?: string;
                /** @description Rows a page, 50 by default. */
                limit?: number;
                state?: "delivered" | "gave_up" | "waiting";
            };
            header?: never;
            path: {
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryPage"];
                };
            };
        };
    };
    webhooks_renew_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewWebhook"];
                };
            };
        };
    };
    withdrawals_list: {
        parameters: {
            query?: {
                /** @description From next or previous. */
                cursor?: string;
                /** @description Rows a page, 50 by default. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WithdrawalPage"];
                };
            };
        };
    };
}
