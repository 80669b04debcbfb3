// Made from docs/openapi.json by openapi-typescript. Do not edit.
export interface paths {
    "/v1/platforms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List platforms
         * @description Requires the scope `authorizers:read`.
         */
        get: operations["listPlatforms"];
        put?: never;
        /**
         * Register a platform
         * @description Enter the returned `events_url` and `messages_url` on the platform's settings page at WeChat; the first ticket arrives within ten minutes. Requires the scope `platforms:write` and an operator.
         */
        post: operations["createPlatform"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a platform
         * @description Requires the scope `authorizers:read`.
         */
        get: operations["getPlatform"];
        put?: never;
        post?: never;
        /**
         * Remove a platform and everything that belongs to it
         * @description From then on no call, push, key or user of the platform is accepted, and its component token is deleted. A background job then removes tokens, accounts, histories, events and everything else. Audit events are kept as long as those of other platforms. `confirm` repeats the component_appid. It cannot be undone. Requires the scope `platforms:write` and an operator.
         */
        delete: operations["removePlatform"];
        options?: never;
        head?: never;
        /**
         * Rename a platform or rotate its secrets
         * @description Requires the scope `platforms:write`.
         */
        patch: operations["updatePlatform"];
        trace?: never;
    };
    "/v1/platform-removals/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the progress of the removal of a platform
         * @description Requires the scope `platforms:write` and an operator.
         */
        get: operations["getPlatformRemoval"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/merchants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List merchants
         * @description Requires the scope `authorizers:read`.
         */
        get: operations["listMerchants"];
        put?: never;
        /**
         * Create a merchant
         * @description Requires the scope `authorizers:write`.
         */
        post: operations["createMerchant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/merchants/{merchant_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a merchant
         * @description Requires the scope `authorizers:read`.
         */
        get: operations["getMerchant"];
        put?: never;
        post?: never;
        /**
         * Remove a merchant
         * @description Its authorization links are deleted; its accounts stay with the platform, assigned to no merchant. `confirm` repeats the merchant_id. Not for API keys that are limited to merchants. Requires the scope `authorizers:write`.
         */
        delete: operations["removeMerchant"];
        options?: never;
        head?: never;
        /**
         * Rename a merchant
         * @description Requires the scope `authorizers:write`.
         */
        patch: operations["updateMerchant"];
        trace?: never;
    };
    "/v1/platforms/{component_appid}/authorization-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List authorization links, newest first
         * @description Requires the scope `authorizers:read`.
         */
        get: operations["listAuthorizationLinks"];
        put?: never;
        /**
         * Create an authorization link for a merchant
         * @description The URL is a page of the hub that works for days. When a merchant opens it, the hub asks WeChat for a pre-auth code and leads to WeChat's authorization page, from the domain that WeChat requires. Requires the scope `authorizers:write`.
         */
        post: operations["createAuthorizationLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/authorization-links/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One authorization link and what became of it
         * @description Requires the scope `authorizers:read`.
         */
        get: operations["getAuthorizationLink"];
        put?: never;
        post?: never;
        /**
         * Revoke an authorization link
         * @description It can no longer be opened. Authorizations made with it stay. Repeating it changes nothing. Requires the scope `authorizers:write`.
         */
        delete: operations["revokeAuthorizationLink"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List API keys
         * @description Requires the scope `keys:write`.
         */
        get: operations["listApiKeys"];
        put?: never;
        /**
         * Create an API key
         * @description A key can only create keys with a subset of its own scopes and merchants, and no later expiry. Requires the scope `keys:write`.
         */
        post: operations["createApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an API key
         * @description All hub processes reject the key within a second. Revoking a revoked key has no effect. Keys with more scopes or merchants than the caller cannot be revoked by it. Requires the scope `keys:write`.
         */
        delete: operations["revokeApiKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/api-keys/{id}/rotations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rotate an API key
         * @description Creates a key with the same scopes and merchants. Both keys work during the overlap, so that clients can be updated one by one. Requires the scope `keys:write`.
         */
        post: operations["rotateApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/audit-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List audit events
         * @description Requires the scope `audit:read`.
         */
        get: operations["listAuditEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit-chain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Verify the audit log
         * @description Recomputes the hash chain, one section per call. There is one chain for the whole installation. Requires the scope `audit:read` and an operator.
         */
        get: operations["checkAuditChain"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/authorizers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List authorizers
         * @description Requires the scope `authorizers:read`.
         */
        get: operations["listAuthorizers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/authorizers/{authorizer_appid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an authorizer
         * @description Requires the scope `authorizers:read`.
         */
        get: operations["getAuthorizer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Assign an authorizer to a merchant
         * @description Requires the scope `authorizers:write`.
         */
        patch: operations["updateAuthorizer"];
        trace?: never;
    };
    "/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/grants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what an authorizer had granted, and when
         * @description Shows for example since when permission set 18 is missing. Requires the scope `authorizers:read`.
         */
        get: operations["listGrants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/erasures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Erase what is personal of a withdrawn authorizer
         * @description Deletes names, tokens, pushes, events and messages of the account. With `keep_history` its appid and the history of its domains and grants stay. Only for accounts in state `unauthorized`. It cannot be undone. Not for API keys that are limited to merchants. Requires the scope `authorizers:write`.
         */
        post: operations["eraseAuthorizer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/access-token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a valid access token
         * @description Never returns an expired token. All callers get the same token; it is refreshed before it expires. `rejected_access_token` forces one refresh if that token is still the current one. Requires the scope `tokens:issue`.
         */
        post: operations["issueAccessToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/reconciliations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a reconciliation with WeChat's authorizer list
         * @description Repairs differences; never deletes. If one is running, its id is returned and the options of this request apply to it. Requires the scope `authorizers:write`.
         */
        post: operations["startReconciliation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/reconciliations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a reconciliation
         * @description Requires the scope `authorizers:read`.
         */
        get: operations["getReconciliation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/snapshots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List snapshots of a mini program, newest first
         * @description Requires the scope `domains:read`.
         */
        get: operations["listSnapshots"];
        put?: never;
        /**
         * Take a snapshot of a mini program's domains now
         * @description Requires the scope `domains:snapshot`.
         */
        post: operations["takeSnapshot"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/snapshots/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a snapshot
         * @description Requires the scope `domains:read`.
         */
        get: operations["getSnapshot"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/snapshots/{id}/raw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get WeChat's original reply
         * @description Requires the scope `domains:read`.
         */
        get: operations["getSnapshotRaw"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/domains": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the domains of a mini program at a point in time
         * @description Requires the scope `domains:read`.
         */
        get: operations["getDomainsAt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/domain-diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare the domains at two points in time
         * @description Requires the scope `domains:read`.
         */
        get: operations["diffDomains"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/domain-lifespans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List when each domain was added and removed
         * @description Requires the scope `domains:read`.
         */
        get: operations["listLifespans"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/observations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * When a mini program was observed, with the gaps
         * @description The times of the snapshots without their domains. Requires the scope `domains:read`.
         */
        get: operations["listObservations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/sweeps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List sweeps, newest first
         * @description Requires the scope `domains:read`.
         */
        get: operations["listSweeps"];
        put?: never;
        /**
         * Start a sweep: take snapshots of all authorized mini programs
         * @description If a sweep that was started by request is running, its id is returned. Requires the scope `domains:snapshot`.
         */
        post: operations["startSweep"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/sweeps/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a sweep
         * @description Requires the scope `domains:read`.
         */
        get: operations["getSweep"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/domain-coverage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find which mini programs have a domain
         * @description Covers mini programs in state `authorized`, limited to the merchants of the key. With `group=effective_domain`, `pending` means configured in any group but not effective, `missing` means neither. With another group, `pending` means not in that group, but configured in a different one and not effective; a domain that is effective without being in the group is `missing`. A domain without scheme matches with and without the scheme of the list. With `verdict`, a page may have fewer items than the limit, even none, while next_cursor is not null. Requires the scope `domains:read`.
         */
        get: operations["getDomainCoverage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/domain-drift": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List mini programs whose configured and effective domains differ
         * @description Covers mini programs in state `authorized`, limited to the merchants of the key. Requires the scope `domains:read`.
         */
        get: operations["listDomainDrift"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/domain-changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List domain changes of the whole fleet, newest first
         * @description The first snapshot of a mini program is not a change. Sweeps commit page by page, so a change may become visible seconds after its `observed_at` (minutes if WeChat responds slowly), behind newer changes. To poll without missing any, request `from` one hour before the latest `observed_at` and skip known changes: `snapshot_id`, `group` and `list` together identify a change. A cursor keeps its position when new changes arrive. Requires the scope `domains:read`.
         */
        get: operations["listDomainChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/domain-gauges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show how close the fleet is to WeChat's limits
         * @description Covers mini programs in state `authorized`, limited to the merchants of the key. Requires the scope `domains:read`.
         */
        get: operations["getDomainGauges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A platform in numbers
         * @description Covers mini programs in state `authorized`, limited to the merchants of the key. Requires the scope `domains:read`.
         */
        get: operations["getPlatformOverview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/domain-change-groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What changed in the fleet, the same change of many told once
         * @description The first snapshot of a mini program is not a change. A cursor keeps the period of the first page. Requires the scope `domains:read`.
         */
        get: operations["listDomainChangeGroups"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/domain-spread": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How many mini programs had a domain, over time
         * @description Covers mini programs in state `authorized`, limited to the merchants of the key. Every point counts the same mini programs: those known today. Each counts by its latest observation up to the moment, so that the last point is today's coverage. Requires the scope `domains:read`.
         */
        get: operations["getDomainSpread"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/domain-assertions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check whether mini programs are ready for a release
         * @description Covers mini programs in state `authorized`, limited to the merchants of the key. Each of `authorizer_appids` gets an item. A merchant of `merchant_ids` without visible mini programs in that state appears in no item, so check for each of them. Send the same body with every `cursor`. `fetch_stale` also requires the scope `domains:snapshot`; where WeChat does not respond in time, the existing observation is used. Requires the scope `domains:read`.
         */
        post: operations["assertDomains"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wechat-ips/{kind}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get WeChat's IP addresses
         * @description For allow-lists: poll with `If-None-Match` and update when the `ETag` changes. Requires the scope `api-ips:read`.
         */
        get: operations["getWechatIps"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wechat-ips/{kind}/snapshots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List snapshots of the addresses, newest first
         * @description Requires the scope `api-ips:read`.
         */
        get: operations["listWechatIpSnapshots"];
        put?: never;
        /**
         * Fetch the addresses now
         * @description Keys of a platform use that platform's token; if the list was fetched less than a minute ago, the latest snapshot is returned instead. Requires the scope `api-ips:snapshot`.
         */
        post: operations["takeWechatIpSnapshot"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wechat-ips/{kind}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What changed between two moments
         * @description Requires the scope `api-ips:read`.
         */
        get: operations["diffWechatIps"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wechat-ips/{kind}/lifetimes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which address was in the list when
         * @description Requires the scope `api-ips:read`.
         */
        get: operations["listWechatIpLifetimes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wechat-ips/{kind}/candidates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists that were not published at once, newest first
         * @description A fetched list is held if it is empty, has unreadable entries, or lacks more than half of the published entries. It is published when three fetches in a row agree, unless it is empty. Requires the scope `api-ips:read`.
         */
        get: operations["listWechatIpCandidates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wechat-ips/{kind}/candidates/{id}/confirmations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Publish a list that is held
         * @description Recorded in the audit trail. The lists are the same for all platforms. Requires the scope `api-ips:snapshot` and an operator.
         */
        post: operations["confirmWechatIpCandidate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/wechat/{component_appid}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Answer the URL check of the events URL
         * @description Returns `echostr` if WeChat's signature is valid.
         */
        get: operations["echoEvents"];
        put?: never;
        /**
         * Receive tickets and authorization events
         * @description Authenticated by WeChat's signature. Answered once the event is stored durably.
         */
        post: operations["receiveEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/wechat/{component_appid}/messages/{authorizer_appid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Answer the URL check of the messages URL
         * @description Returns `echostr` if WeChat's signature is valid.
         */
        get: operations["echoMessages"];
        put?: never;
        /**
         * Receive messages and events of a merchant
         * @description Authenticated by WeChat's signature.
         */
        post: operations["receiveMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/wechat/{component_appid}/authorize/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The page that an authorization link leads to
         * @description Shows what the merchant is asked for and leads to WeChat's authorization page, which opens only from this page.
         */
        get: operations["openAuthorizationLink"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/wechat/{component_appid}/authorized": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Redirect target of WeChat's authorization page
         * @description Redirect target of WeChat's authorization page
         */
        get: operations["finishAuthorization"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Liveness check
         * @description Liveness check
         */
        get: operations["live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Readiness check
         * @description Readiness check
         */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Metrics in the text format of Prometheus
         * @description Contains no merchant names and no secrets. Do not expose it to the internet.
         */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get this OpenAPI document
         * @description Get this OpenAPI document
         */
        get: operations["openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * API documentation as a page
         * @description API documentation as a page
         */
        get: operations["docs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in
         * @description Sets an HttpOnly, SameSite=Strict cookie. Failed logins are throttled with an increasing delay.
         */
        post: operations["createSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Log out
         * @description Requires any API key or session.
         */
        delete: operations["deleteSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the current caller and its scopes
         * @description Requires any API key or session.
         */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-ups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make the first operator of an empty installation
         * @description Needs the token of the link that the hub prints at startup while there are no users and no platform keys. The token works once, within 24 hours.
         */
        post: operations["createFirstOperator"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List console users
         * @description Requires the scope `keys:write`.
         */
        get: operations["listUsers"];
        put?: never;
        /**
         * Create a console user
         * @description The new user cannot have more scopes than the caller. Requires the scope `keys:write`.
         */
        post: operations["createUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{username}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Erase a console user
         * @description Name, password and sessions are removed. Audit events keep the user name until they are removed. It cannot be undone. Requires the scope `keys:write`.
         */
        delete: operations["deleteUser"];
        options?: never;
        head?: never;
        /**
         * Change the role or password of a user, or disable the user
         * @description Ends all sessions of the user. Requires the scope `keys:write`.
         */
        patch: operations["updateUser"];
        trace?: never;
    };
    "/v1/platforms/{component_appid}/quota": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get today's calls, paused paths and budgets
         * @description Requires the scope `authorizers:read`.
         */
        get: operations["getQuota"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/quota/budgets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set or remove the daily budget of a path
         * @description Takes effect in all processes within a second. Budgets of other paths are unchanged. Requires the scope `platforms:write`.
         */
        put: operations["setQuotaBudget"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/quota/resets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reset WeChat's daily call counter (component/clear_quota/v2)
         * @description For a used-up quota; needs no token. WeChat grants ten resets per account and month in total, including those made in its console; after that it answers 48006. `confirm` repeats the appid. Requires the scope `platforms:write` and an operator.
         */
        post: operations["resetQuota"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List calls on behalf of one account, by day and path
         * @description Requires the scope `authorizers:read`.
         */
        get: operations["getMerchantCalls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/pushes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List received pushes, newest first
         * @description Requires the scope `authorizers:read`.
         */
        get: operations["listPushes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/push-backlog": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count pending and failed pushes
         * @description Requires the scope `authorizers:read`.
         */
        get: operations["getPushBacklog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/refused-pushes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the latest refused callback requests
         * @description For connecting a platform: shows requests to its callback URLs that were refused, and why. The last 100 are kept, without content. Requires the scope `authorizers:read`.
         */
        get: operations["listRefusedPushes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the checks of a platform
         * @description The results of the latest run. A check that fails says what was seen and what to do. Requires the scope `authorizers:read`.
         */
        get: operations["getChecks"];
        put?: never;
        /**
         * Run the checks of a platform now
         * @description Sends a signed test push to `PUBLIC_URL` and asks WeChat for the list of server domains of the platform. Takes up to half a minute. Requires the scope `platforms:write`.
         */
        post: operations["runChecks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/pushes/{id}/replays": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replay a failed or unhandled push
         * @description A processed push cannot be replayed (`conflict`): its content was deleted. Requires the scope `authorizers:write`.
         */
        post: operations["replayPush"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/retention-runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a retention run: thin out old domain history
         * @description Deletes snapshots; cannot be undone. Snapshots within `keep_all`, the current snapshot and the first observation of every domain are kept. If a run is in progress, its id is returned. Requires the scope `platforms:write` and an operator.
         */
        post: operations["startRetention"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/retention-runs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a retention run
         * @description Only the latest run of each platform is kept; the audit log lists all of them. Requires the scope `domains:read`.
         */
        get: operations["getRetention"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/master-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List master keys and how many values each seals
         * @description Requires the scope `platforms:write` and an operator.
         */
        get: operations["getMasterKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/master-key-rotations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a master-key rotation: re-encrypt all secrets with the first master key
         * @description Runs in the background in worker processes that encrypt with that key, and resumes after a crash. If one is running, its id is returned. Requires the scope `platforms:write` and an operator.
         */
        post: operations["startMasterKeyRotation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/master-key-rotations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a master-key rotation
         * @description Requires the scope `platforms:write` and an operator.
         */
        get: operations["getMasterKeyRotation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happened on a platform, oldest first
         * @description Pass `last_event_id` as `after` of the next request. With `wait` the request waits for an event when there is none. Events are kept for 30 days by default. `cursor_expired` means that `after` is older than that; `oldest_event_id` then names the oldest event. Requires the scope `events:read`.
         */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/events/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Events as they happen (server-sent events)
         * @description Each message has the number of the event as `id`, its type as `event` and the event as one line of JSON. A comment comes every 15 seconds. After a disconnect, reconnect with `Last-Event-ID`. The stream ends when the key is revoked or expires, and when the hub stops; a key may have ten streams in one process. Requires the scope `events:read`.
         */
        get: operations["streamEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/webhook-endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List webhook endpoints
         * @description Requires the scope `webhooks:write`.
         */
        get: operations["listWebhookEndpoints"];
        put?: never;
        /**
         * Create a webhook endpoint
         * @description Events are sent according to Standard Webhooks 1.0: verify the signature, answer 2xx within 15 seconds, remove duplicates by `webhook-id`. A key that is limited to merchants creates endpoints for these merchants. Requires the scope `webhooks:write`.
         */
        post: operations["createWebhookEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/webhook-endpoints/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One webhook endpoint
         * @description Requires the scope `webhooks:write`.
         */
        get: operations["getWebhookEndpoint"];
        put?: never;
        post?: never;
        /**
         * Remove a webhook endpoint and its deliveries
         * @description Requires the scope `webhooks:write`.
         */
        delete: operations["deleteWebhookEndpoint"];
        options?: never;
        head?: never;
        /**
         * Change, enable or disable a webhook endpoint
         * @description Requires the scope `webhooks:write`.
         */
        patch: operations["updateWebhookEndpoint"];
        trace?: never;
    };
    "/v1/platforms/{component_appid}/webhook-endpoints/{id}/secret-rotations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replace the signing secret
         * @description During the overlap each request has two signatures, so the receiver may use either secret. Requires the scope `webhooks:write`.
         */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/webhook-endpoints/{id}/tests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test event now
         * @description Waits up to 10 seconds for the answer of the receiver. The event has the type `webhook.test` and is not kept. Requires the scope `webhooks:write`.
         */
        post: operations["testWebhookEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/webhook-endpoints/{id}/attempt-hours": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Attempts of an endpoint by hour
         * @description Every attempt counts in the hour in which it began: an event accepted at the third attempt counts as two failures and one success. At most 31 days per request; counts are kept for 30 days. Requires the scope `webhooks:write`.
         */
        get: operations["getAttemptHours"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/webhook-endpoints/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Deliveries of an endpoint, newest first
         * @description Requires the scope `webhooks:write`.
         */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/webhook-endpoints/{id}/deliveries/{item}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A delivery with every attempt
         * @description Requires the scope `webhooks:write`.
         */
        get: operations["getDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/webhook-endpoints/{id}/deliveries/{item}/retries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a delivery again now
         * @description A delivery that was given up gets one more attempt. One that was delivered cannot be retried: replay its event instead. Requires the scope `webhooks:write`.
         */
        post: operations["retryDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/webhook-endpoints/{id}/replays": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send events again, by time or by id
         * @description Runs in the background, also across restarts, and sends all matching events; `dry_run` only counts them. Requires the scope `webhooks:write`.
         */
        post: operations["startReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/webhook-endpoints/{id}/replays/{item}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Progress of a replay
         * @description Requires the scope `webhooks:write`.
         */
        get: operations["getReplay"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/relays/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One relay
         * @description Requires the scope `relays:write`.
         */
        get: operations["getRelay"];
        /**
         * Create or change a relay
         * @description At most one relay replies to a message: the first by name that matches, in mode `reply` or `raw`. All matching relays in mode `notify` get it too. The hub itself answers the messages of WeChat's publication check. Requires the scope `relays:write`.
         */
        put: operations["putRelay"];
        post?: never;
        /**
         * Remove a relay and the messages that wait for it
         * @description Requires the scope `relays:write`.
         */
        delete: operations["deleteRelay"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/relays": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List relays
         * @description Requires the scope `relays:write`.
         */
        get: operations["listRelays"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platforms/{component_appid}/relays/{name}/tests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test message to the backend of a relay
         * @description Sends the event `debug_demo` of WeChat's documentation of message pushes. Not for mode `raw`, whose backend verifies WeChat's signature. Requires the scope `relays:write`.
         */
        post: operations["testRelay"];
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
        /** @description A valid access token of the merchant */
        AccessToken: {
            /** @description authorizer_access_token; keep it in memory only */
            access_token: string;
            /**
             * Format: date-time
             * @description When it expires (ISO 8601, UTC, milliseconds)
             */
            expires_at: string;
            /** @description Seconds until it expires */
            expires_in: number;
        };
        /** @description Optional; may be empty */
        AccessTokenRequest: {
            /** @description A token that WeChat rejected (40001, 42001): forces one refresh if it is still the current one */
            rejected_access_token?: string;
        };
        /** @description What was erased of an account */
        AccountErasure: {
            /** @description The account */
            authorizer_appid: string;
            /** @description Whether the history of its domains and grants was kept */
            keep_history: boolean;
            /** @description Number of rows by table; tables without any are absent */
            rows: {
                [key: string]: number;
            };
        };
        /** @description An API key. The key itself is shown only when it is created */
        ApiKey: {
            /** @description Id of the key (not secret) */
            id: string;
            /** @description What the key is for */
            name: string;
            /** @description First characters of the key, to recognize it */
            prefix: string;
            /** @description What the key may do */
            scopes: ("platforms:write" | "authorizers:read" | "authorizers:write" | "tokens:issue" | "domains:read" | "domains:snapshot" | "api-ips:read" | "api-ips:snapshot" | "keys:write" | "audit:read" | "events:read" | "webhooks:write" | "relays:write")[];
            /** @description Merchants it is limited to; null: all of the platform */
            merchant_ids: string[] | null;
            /**
             * Format: date-time
             * @description When it was created (ISO 8601, UTC, milliseconds)
             */
            created_at: string;
            /** @description Who created it */
            created_by: string;
            expires_at: string | null;
            revoked_at: string | null;
            last_used_at: string | null;
            /** @description Network address of the last use */
            last_used_address: string | null;
            /** @description CIDR ranges from which it may be used; null: from anywhere */
            networks: string[] | null;
            /** @description Id of the key that replaced it */
            replaced_by: string | null;
        };
        ApiKeyPage: {
            /** @description Keys, newest first */
            items: components["schemas"]["ApiKey"][];
            /** @description Cursor of the next page; null on the last page */
            next_cursor: string | null;
        };
        /** @description Whether one mini program is ready */
        AssertionItem: {
            /** @description authorizer_appid: the appid of the merchant's account */
            authorizer_appid: string;
            /** @description Merchant; null while the account is unassigned */
            merchant_id: string | null;
            /**
             * @description The worst verdict of its domains: `missing`, then `pending`, `unknown`, `covered`
             * @enum {string}
             */
            verdict: "covered" | "pending" | "missing" | "unknown";
            /** @description Why the verdict is `unknown`; otherwise null */
            reason: components["schemas"]["UnknownReason"] | null;
            /** @description Latest observation (ISO 8601); null if there is none */
            observed_at: string | null;
            /** @description One verdict per requested domain */
            domains: {
                /**
                 * @description Purpose of the domains
                 * @enum {string}
                 */
                list: "requestdomain" | "wsrequestdomain" | "uploaddomain" | "downloaddomain" | "udpdomain" | "tcpdomain";
                /** @description The domain as requested */
                domain: string;
                /**
                 * @description `covered`: the domain is in the requested group. `pending`: it is configured in another group, but not effective. `missing`: neither. `unknown`: never observed, or permission set 18 is not granted
                 * @enum {string}
                 */
                verdict: "covered" | "pending" | "missing" | "unknown";
            }[];
        };
        AssertionPage: {
            /** @description Mini programs in state `authorized`, or the requested accounts, in a stable order */
            items: components["schemas"]["AssertionItem"][];
            /** @description Cursor of the next page; null on the last page */
            next_cursor: string | null;
        };
        /** @description Delivery attempts of an endpoint, by hour */
        AttemptHours: {
            /**
             * Format: date-time
             * @description Start of the first hour (ISO 8601, UTC, milliseconds)
             */
            from: string;
            /**
             * Format: date-time
             * @description End of the period (ISO 8601, UTC, milliseconds)
             */
            to: string;
            /** @description Attempts that the receiver accepted */
            delivered: number;
            /** @description Attempts that it did not accept, or did not answer */
            failed: number;
            /** @description Hours with attempts, oldest first; an hour without one is absent */
            items: {
                /**
                 * Format: date-time
                 * @description Start of the hour (ISO 8601, UTC, milliseconds)
                 */
                hour: string;
                /** @description Attempts that the receiver accepted */
                delivered: number;
                /** @description Attempts that it did not accept, or did not answer */
                failed: number;
            }[];
        };
        /** @description Result of an audit log verification */
        AuditChain: {
            /** @description Events checked in this section */
            checked: number;
            /** @description Problems found; empty: the section is intact */
            problems: {
                /**
                 * @description `altered`: differs from what was chained. `removed`: no longer exists
                 * @enum {string}
                 */
                kind: "altered" | "removed";
                /** @description Sequence number of the link, or of the first removed one */
                seq: number;
                /** @description Sequence number of the last one */
                until_seq: number;
                /** @description The event, if it exists */
                event_id: string | null;
            }[];
            /** @description The end of the chain */
            head: {
                /** @description Sequence number of the newest link */
                seq: number;
                /** @description Its hash; store it elsewhere and pass it as `expect_seq` and `expect_hash` next time */
                hash: string;
                /**
                 * Format: date-time
                 * @description When it was added (ISO 8601, UTC, milliseconds)
                 */
                chained_at: string;
            };
            /** @description Events older than a minute that are not chained yet; more than 0: no process is chaining */
            waiting: number;
            /** @description Cursor of the next section; null at the end */
            next_cursor: string | null;
        };
        /** @description One entry of the audit log */
        AuditEvent: {
            /** @description Id of the event */
            id: string;
            /**
             * Format: date-time
             * @description Time of the event; for aggregated events the end of the second (ISO 8601, UTC, milliseconds)
             */
            at: string;
            /** @description api_key:<id>, operator:<id>, user:<name>, wechat, system, or nobody (unauthenticated) */
            actor: string;
            /** @description Action, for example access_token.issued */
            action: string;
            /** @description Subject, for example authorizer:<appid> */
            subject: string | null;
            /** @description Merchant concerned; null if not exactly one */
            merchant_id: string | null;
            /** @description `ok` or an error code */
            outcome: string;
            /** @description Network address of the caller */
            address: string | null;
            /** @description Number of equal events aggregated in this one */
            count: number;
            /** @description Details; never contains secrets */
            detail: {
                [key: string]: unknown;
            };
        };
        AuditEventPage: {
            /** @description Events, newest first */
            items: components["schemas"]["AuditEvent"][];
            /** @description Cursor of the next page; null on the last page */
            next_cursor: string | null;
        };
        /** @description A link for a merchant to authorize the platform */
        AuthorizationLink: {
            /** @description Id of the link; also the last part of its URL */
            id: string;
            /**
             * Format: uri
             * @description A page of the hub: send it to the merchant, or show it as a QR code
             */
            url: string;
            /** @description merchant_id: the provider's own id of the merchant */
            merchant_id: string;
            /**
             * @description `open`; `used`: an account was authorized with it (it can be opened again until it expires); `expired`; `revoked`
             * @enum {string}
             */
            state: "open" | "used" | "expired" | "revoked";
            /**
             * @description WeChat's page that the merchant is sent to first
             * @enum {string}
             */
            page: "pc" | "mobile";
            /** @description Which accounts are offered, as in the request */
            auth_type: number;
            /** @description The account that the link is limited to, or the one that used it; null: neither */
            authorizer_appid: string | null;
            /** @description Permission sets that are asked for; null: what the platform has published */
            permission_sets: number[] | null;
            /** @description Where the merchant is sent after authorizing; null: a page of the hub */
            return_url: string | null;
            /**
             * Format: date-time
             * @description When it was made (ISO 8601, UTC, milliseconds)
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When the link expires (ISO 8601, UTC, milliseconds)
             */
            expires_at: string;
            revoked_at: string | null;
            used_at: string | null;
            /** @description How often the page was opened */
            openings: number;
            last_opened_at: string | null;
            /** @description When the newest pre-auth code expires; null until the page is opened */
            pre_auth_code_expires_at: string | null;
        };
        AuthorizationLinkPage: {
            /** @description Links, newest first */
            items: components["schemas"]["AuthorizationLink"][];
            /** @description Cursor of the next page; null on the last page */
            next_cursor: string | null;
        };
        /** @description An account (mini program or official account) that has authorized the platform */
        Authorizer: {
            /** @description authorizer_appid: the appid of the merchant's account */
            authorizer_appid: string;
            /** @description component_appid: the appid of the third-party platform */
            component_appid: string;
            /** @description Merchant that it is assigned to; null while unassigned */
            merchant_id: string | null;
            /** @description Kind of account; null until WeChat has reported it */
            kind: ("mini_program" | "official_account" | "other") | null;
            /** @description Account name; null while unknown */
            nick_name: string | null;
            /** @description Legal owner of the account; null while unknown */
            principal_name: string | null;
            /**
             * @description `unauthorized`: the merchant withdrew the authorization. `reauthorization_required`: WeChat rejects every known refresh token, so the merchant must authorize again
             * @enum {string}
             */
            state: "authorized" | "unauthorized" | "reauthorization_required";
            /** @description Granted permission sets (权限集), ascending */
            permission_sets: number[];
            /** @description Whether its domains can be read now: state `authorized`, and permission set 18 is granted */
            can_read_domains: boolean;
            authorized_at: string | null;
            unauthorized_at: string | null;
            access_token_expires_at: string | null;
            last_snapshot_at: string | null;
            next_snapshot_at: string | null;
            last_failure: components["schemas"]["LastFailure"] | null;
        };
        AuthorizerPage: {
            /** @description Authorizers, oldest first */
            items: components["schemas"]["Authorizer"][];
            /** @description Cursor of the next page; null on the last page */
            next_cursor: string | null;
        };
        /** @description Assigns the authorizer to a merchant */
        AuthorizerPatch: {
            /** @description Merchant to assign it to; null unassigns it */
            merchant_id: string | null;
        };
        /** @description A self-imposed daily limit of a path */
        CallBudget: {
            /** @description Path of WeChat's API, for example /wxa/get_effective_domain */
            path: string;
            /** @description Maximum calls per day for all merchants together */
            per_day: number;
            /** @description Calls reserved for interactive requests; background work stops this much earlier */
            reserve: number;
            /** @description Calls today, or since today's quota reset */
            used: number;
            /** @description Remaining calls */
            remaining: number;
            /** @description Remaining calls for background work */
            remaining_background: number;
        };
        /** @description All budgets of the platform */
        CallBudgets: {
            /** @description By path */
            items: components["schemas"]["CallBudget"][];
        };
        /** @description The same change of one list, observed of one or more mini programs */
        ChangeGroup: {
            /**
             * @description `mp_domain` set in the mini program console, `third_domain` by the platform, `direct_domain` directly, `effective_domain` what WeChat enforces
             * @enum {string}
             */
            group: "mp_domain" | "third_domain" | "direct_domain" | "effective_domain";
            /**
             * @description Purpose of the domains
             * @enum {string}
             */
            list: "requestdomain" | "wsrequestdomain" | "uploaddomain" | "downloaddomain" | "udpdomain" | "tcpdomain";
            /** @description Domains that are new in the list, in normal form */
            added: string[];
            /** @description Domains that are no longer in the list, in normal form */
            removed: string[];
            /** @description Number of mini programs with this change */
            mini_programs: number;
            /**
             * Format: date-time
             * @description First observation of this change in the requested period (ISO 8601, UTC, milliseconds)
             */
            first_observed_at: string;
            /**
             * Format: date-time
             * @description Last observation of this change in the requested period (ISO 8601, UTC, milliseconds)
             */
            last_observed_at: string;
            /** @description Up to 5 of the mini programs, the latest first */
            sample_authorizer_appids: string[];
        };
        ChangeGroupPage: {
            /** @description Groups, the latest observed first */
            items: components["schemas"]["ChangeGroup"][];
            /** @description Cursor of the next page; null on the last page */
            next_cursor: string | null;
        };
        /** @description Coverage of a domain: total counts and one page of mini programs */
        Coverage: {
            /** @description Mini programs in a stable order */
            items: components["schemas"]["CoverageItem"][];
            /** @description Cursor of the next page; null on the last page */
            next_cursor: string | null;
            /** @description The domain as requested */
            domain: string;
            /**
             * @description Purpose of the domains
             * @enum {string}
             */
            list: "requestdomain" | "wsrequestdomain" | "uploaddomain" | "downloaddomain" | "udpdomain" | "tcpdomain";
            /**
             * @description `mp_domain` set in the mini program console, `third_domain` by the platform, `direct_domain` directly, `effective_domain` what WeChat enforces
             * @enum {string}
             */
            group: "mp_domain" | "third_domain" | "direct_domain" | "effective_domain";
            /** @description Mini programs with the verdict `covered` */
            covered: number;
            /** @description Mini programs with the verdict `pending` */
            pending: number;
            /** @description Mini programs with the verdict `missing` */
            missing: number;
            /** @description Mini programs with the verdict `unknown` */
            unknown: number;
        };
        /** @description Verdict on one domain for one mini program */
        CoverageItem: {
            /** @description authorizer_appid: the appid of the merchant's account */
            authorizer_appid: string;
            /** @description Merchant; null while the account is unassigned */
            merchant_id: string | null;
            /**
             * @description `covered`: the domain is in the requested group. `pending`: it is configured in another group, but not effective. `missing`: neither. `unknown`: never observed, or permission set 18 is not granted
             * @enum {string}
             */
            verdict: "covered" | "pending" | "missing" | "unknown";
            /** @description Why the verdict is `unknown`; otherwise null */
            reason: components["schemas"]["UnknownReason"] | null;
            /** @description Latest observation (ISO 8601); null if there is none */
            observed_at: string | null;
        };
        /** @description The new API key */
        CreatedApiKey: {
            /** @description Id of the key (not secret) */
            id: string;
            /** @description What the key is for */
            name: string;
            /** @description First characters of the key, to recognize it */
            prefix: string;
            /** @description What the key may do */
            scopes: ("platforms:write" | "authorizers:read" | "authorizers:write" | "tokens:issue" | "domains:read" | "domains:snapshot" | "api-ips:read" | "api-ips:snapshot" | "keys:write" | "audit:read" | "events:read" | "webhooks:write" | "relays:write")[];
            /** @description Merchants it is limited to; null: all of the platform */
            merchant_ids: string[] | null;
            /**
             * Format: date-time
             * @description When it was created (ISO 8601, UTC, milliseconds)
             */
            created_at: string;
            /** @description Who created it */
            created_by: string;
            expires_at: string | null;
            revoked_at: string | null;
            last_used_at: string | null;
            /** @description Network address of the last use */
            last_used_address: string | null;
            /** @description CIDR ranges from which it may be used; null: from anywhere */
            networks: string[] | null;
            /** @description Id of the key that replaced it */
            replaced_by: string | null;
            /** @description The key. Shown only in this response: null in a repetition with the same Idempotency-Key */
            key: string | null;
        };
        /** @description A new endpoint with its secret */
        CreatedWebhookEndpoint: {
            /** @description Id of the endpoint */
            id: string;
            /** @description Where events are sent */
            url: string;
            /** @description What it is for */
            description: string | null;
            /** @description Types of events; null: all */
            event_types: string[] | null;
            /** @description Merchants; null: all */
            merchant_ids: string[] | null;
            /**
             * @description `per_authorizer`: the next event of an account waits while an earlier one is being retried. `none`: no event waits
             * @enum {string}
             */
            ordering: "per_authorizer" | "none";
            /**
             * @description `standard`: Standard Webhooks. Otherwise a group robot, which gets a digest: one message a minute and type at most
             * @enum {string}
             */
            format: "standard" | "wecom" | "dingtalk" | "feishu";
            /**
             * @description `v1`: HMAC-SHA256 with a shared secret. `v1a`: ed25519
             * @enum {string}
             */
            signature: "v1" | "v1a";
            /** @description Key that signatures are verified with, for `v1a` */
            public_key: string | null;
            /** @description Maximum number of requests per second; null: no limit */
            max_per_second: number | null;
            /**
             * @description Whether events are sent
             * @enum {string}
             */
            state: "enabled" | "disabled";
            disabled_at: string | null;
            /** @description `gone`: the receiver answered 410. `failing`: five days without a success. `request`: disabled by a request */
            disabled_reason: ("gone" | "failing" | "request") | null;
            failing_since: string | null;
            /** @description Failed attempts since the last success */
            failures: number;
            succeeded_at: string | null;
            previous_valid_until: string | null;
            /** @description Deliveries have been created up to this event */
            last_event_id: string;
            /** @description Deliveries that wait or are being retried */
            waiting: number;
            /**
             * Format: date-time
             * @description When it was created (ISO 8601, UTC, milliseconds)
             */
            created_at: string;
            /** @description The signing secret. Shown once; null for `v1a`, which has a public key */
            secret: string | null;
        };
        /** @description An event on its way to an endpoint */
        Delivery: {
            /** @description Id of the delivery */
            id: string;
            /** @description Id of the event */
            event_id: string;
            /** @description `webhook-id`: the same for all deliveries of the event */
            message_id: string;
            /** @description Type of the event */
            type: string;
            /** @description The account it is about */
            authorizer_appid: string | null;
            /**
             * @description Why it was made
             * @enum {string}
             */
            trigger: "event" | "replay";
            /**
             * @description `pending`: waits or is being retried. `failed`: given up
             * @enum {string}
             */
            state: "pending" | "delivered" | "failed";
            /** @description Attempts so far */
            attempts: number;
            next_attempt_at: string | null;
            /** @description HTTP status of the latest attempt */
            last_status: number | null;
            /** @description Why the latest attempt had no answer */
            last_error: string | null;
            /**
             * Format: date-time
             * @description When it was made (ISO 8601, UTC, milliseconds)
             */
            created_at: string;
            finished_at: string | null;
        };
        /** @description A delivery with its attempts */
        DeliveryDetail: {
            /** @description Id of the delivery */
            id: string;
            /** @description Id of the event */
            event_id: string;
            /** @description `webhook-id`: the same for all deliveries of the event */
            message_id: string;
            /** @description Type of the event */
            type: string;
            /** @description The account it is about */
            authorizer_appid: string | null;
            /**
             * @description Why it was made
             * @enum {string}
             */
            trigger: "event" | "replay";
            /**
             * @description `pending`: waits or is being retried. `failed`: given up
             * @enum {string}
             */
            state: "pending" | "delivered" | "failed";
            /** @description Attempts so far */
            attempts: number;
            next_attempt_at: string | null;
            /** @description HTTP status of the latest attempt */
            last_status: number | null;
            /** @description Why the latest attempt had no answer */
            last_error: string | null;
            /**
             * Format: date-time
             * @description When it was made (ISO 8601, UTC, milliseconds)
             */
            created_at: string;
            finished_at: string | null;
            /** @description Every attempt, oldest first */
            attempt_log: {
                /** @description 1 for the first */
                no: number;
                /**
                 * Format: date-time
                 * @description When it began (ISO 8601, UTC, milliseconds)
                 */
                at: string;
                /** @description HTTP status; null: no answer */
                status: number | null;
                /** @description Why there was no answer */
                error: ("refused_address" | "timeout" | "tls" | "connection") | null;
                /** @description Description of the error */
                detail: string | null;
                /** @description How long it took */
                duration_ms: number;
                /** @description Address that was connected to */
                address: string | null;
                /** @description The first 1,000 bytes of the answer */
                response_excerpt: string | null;
            }[];
        };
        DeliveryPage: {
            /** @description Deliveries, newest first */
            items: components["schemas"]["Delivery"][];
            /** @description Cursor of the next page; null on the last page */
            next_cursor: string | null;
        };
        /** @description Domains that a release needs, and the mini programs to check */
        DomainAssertion: {
            /** @description Domains that must be effective */
            domains: {
                /**
                 * @description Purpose of the domains
                 * @enum {string}
                 */
                list: "requestdomain" | "wsrequestdomain" | "uploaddomain" | "downloaddomain" | "udpdomain" | "tcpdomain";
                /** @description A domain as WeChat writes it or in any equivalent spelling; the host alone is sufficient */
                domain: string;
            }[];
            /** @description Only mini programs of these merchants */
            merchant_ids?: string[];
            /** @description Only these accounts. Each gets an item: `unknown` if it is not a mini program in state `authorized` that the key may see */
            authorizer_appids?: string[];
            /** @description Maximum age of an observation; older ones count as `unknown`. An ISO 8601 duration such as PT24H, or whole seconds */
            max_age?: number | string;
            /** @description Take snapshots of the mini programs on this page whose latest observation is too old */
            fetch_stale?: boolean;
        };
        /** @description The changes of one list */
        DomainChange: {
            /**
             * @description `mp_domain` set in the mini program console, `third_domain` by the platform, `direct_domain` directly, `effective_domain` what WeChat enforces
             * @enum {string}
             */
            group: "mp_domain" | "third_domain" | "direct_domain" | "effective_domain";
            /**
             * @description Purpose of the domains
             * @enum {string}
             */
            list: "requestdomain" | "wsrequestdomain" | "uploaddomain" | "downloaddomain" | "udpdomain" | "tcpdomain";
            /** @description Domains added to the list */
            added: string[];
            /** @description Domains removed from the list */
            removed: string[];
        };
        /** @description Differences between two points in time */
        DomainDiff: {
            /**
             * Format: date-time
             * @description Earlier point in time (ISO 8601, UTC, milliseconds)
             */
            from: string;
            /**
             * Format: date-time
             * @description Later point in time (ISO 8601, UTC, milliseconds)
             */
            to: string;
            /** @description Differences; empty if there are none */
            changes: components["schemas"]["DomainChange"][];
        };
        /** @description A mini program whose configured and effective domains differ */
        DomainDrift: {
            /** @description authorizer_appid: the appid of the merchant's account */
            authorizer_appid: string;
            /** @description Merchant; null while the account is unassigned */
            merchant_id: string | null;
            /** @description Configured but not effective */
            pending: {
                /**
                 * @description Purpose of the domains
                 * @enum {string}
                 */
                list: "requestdomain" | "wsrequestdomain" | "uploaddomain" | "downloaddomain" | "udpdomain" | "tcpdomain";
                /** @description Domains in normal form */
                domains: string[];
            }[];
            /** @description Effective but not configured */
            effective_only: {
                /**
                 * @description Purpose of the domains
                 * @enum {string}
                 */
                list: "requestdomain" | "wsrequestdomain" | "uploaddomain" | "downloaddomain" | "udpdomain" | "tcpdomain";
                /** @description Domains in normal form */
                domains: string[];
            }[];
            /**
             * Format: date-time
             * @description First observation of the current drift; its domains may have changed since then (ISO 8601, UTC, milliseconds)
             */
            since: string;
            /**
             * Format: date-time
             * @description Latest observation of the mini program (ISO 8601, UTC, milliseconds)
             */
            observed_at: string;
        };
        DomainDriftPage: {
            /** @description Mini programs with drift, in a stable order */
            items: components["schemas"]["DomainDrift"][];
            /** @description Cursor of the next page; null on the last page */
            next_cursor: string | null;
        };
        /** @description How close the fleet is to WeChat's limits: the 50 closest of each kind */
        DomainGauges: {
            /** @description Mini programs with the most entries in a list, with that list */
            lists: {
                /** @description authorizer_appid: the appid of the merchant's account */
                authorizer_appid: string;
                /** @description Merchant; null while the account is unassigned */
                merchant_id: string | null;
                /**
                 * @description `mp_domain` set in the mini program console, `third_domain` by the platform, `direct_domain` directly, `effective_domain` what WeChat enforces
                 * @enum {string}
                 */
                group: "mp_domain" | "third_domain" | "direct_domain" | "effective_domain";
                /**
                 * @description Purpose of the domains
                 * @enum {string}
                 */
                list: "requestdomain" | "wsrequestdomain" | "uploaddomain" | "downloaddomain" | "udpdomain" | "tcpdomain";
                /** @description Entries in the list */
                count: number;
                /** @description WeChat's limit */
                limit: number;
                /**
                 * Format: date-time
                 * @description Latest observation of the mini program (ISO 8601, UTC, milliseconds)
                 */
                observed_at: string;
            }[];
            /** @description Domains in `direct_domain`, most widely used first */
            domains: {
                /** @description Domain in normal form */
                domain: string;
                /** @description Distinct principals with the domain in `direct_domain` */
                count: number;
                /** @description WeChat's limit */
                limit: number;
                /**
                 * Format: date-time
                 * @description The oldest observation used for the count (ISO 8601, UTC, milliseconds)
                 */
                observed_at: string;
            }[];
            /** @description Mini programs with the most observed edits of `third_domain` or `direct_domain` this month */
            edits: {
                /** @description authorizer_appid: the appid of the merchant's account */
                authorizer_appid: string;
                /** @description Merchant; null while the account is unassigned */
                merchant_id: string | null;
                /** @description Edits observed this month */
                count: number;
                /** @description WeChat's limit */
                limit: number;
                /**
                 * @description Edits between two observations count as one; an edit observed this month that may have happened before is not counted
                 * @constant
                 */
                lower_bound: true;
                /**
                 * Format: date-time
                 * @description Start of the month in Beijing (ISO 8601, UTC, milliseconds)
                 */
                since: string;
                /**
                 * Format: date-time
                 * @description Latest observation of the mini program (ISO 8601, UTC, milliseconds)
                 */
                observed_at: string;
            }[];
            /** @description Effective domains that are not in the platform's own published list: a release removes them, except where they are in `direct_domain`. null: unknown, because that list was never fetched or is not visible to the key */
            at_risk: {
                /** @description Domain in normal form */
                domain: string;
                /**
                 * @description Purpose of the domains
                 * @enum {string}
                 */
                list: "requestdomain" | "wsrequestdomain" | "uploaddomain" | "downloaddomain" | "udpdomain" | "tcpdomain";
                /** @description Mini programs where it is effective and not in `direct_domain` */
                count: number;
                /** @description Always null: there is no limit */
                limit: null;
                /**
                 * Format: date-time
                 * @description Latest fetch of the platform's own list (ISO 8601, UTC, milliseconds)
                 */
                observed_at: string;
            }[] | null;
        };
        /** @description How many of today's mini programs had a domain, over time */
        DomainSpread: {
            /** @description The domain in normal form, with the scheme of the list where none was given */
            domain: string;
            /**
             * @description Purpose of the domains
             * @enum {string}
             */
            list: "requestdomain" | "wsrequestdomain" | "uploaddomain" | "downloaddomain" | "udpdomain" | "tcpdomain";
            /**
             * @description `mp_domain` set in the mini program console, `third_domain` by the platform, `direct_domain` directly, `effective_domain` what WeChat enforces
             * @enum {string}
             */
            group: "mp_domain" | "third_domain" | "direct_domain" | "effective_domain";
            /** @description Oldest first */
            points: {
                /**
                 * Format: date-time
                 * @description The moment (ISO 8601, UTC, milliseconds)
                 */
                at: string;
                /** @description Mini programs that had the domain in the group by their latest observation up to the moment */
                covered: number;
                /** @description Mini programs that had been observed up to the moment and did not have it */
                missing: number;
            }[];
        };
        /** @description Domains by group and list. Groups and lists that WeChat did not send are absent; empty lists are empty */
        Domains: {
            [key: string]: {
                [key: string]: string[];
            };
        };
        /** @description The domains of a mini program at one moment */
        DomainsAt: {
            /**
             * Format: date-time
             * @description The requested moment (ISO 8601, UTC, milliseconds)
             */
            at: string;
            /**
             * @description `observed`: the same before and after the moment. `latest`: the moment is after the latest observation, and no read has failed in between. `between_observations`: the domains may have changed around the moment. `unknown`: nothing is known about the moment, see `reason`
             * @enum {string}
             */
            certainty: "observed" | "latest" | "between_observations" | "unknown";
            /** @description Why the certainty is `unknown`; otherwise null */
            reason: components["schemas"]["UnknownReason"] | null;
            observed_before: string | null;
            observed_after: string | null;
            /** @description The domains of the latest observation before the moment; null if there is none */
            domains: components["schemas"]["Domains"] | null;
            /** @description Lists that WeChat sent as null or in a form that cannot be read: they are absent from `domains`, which does not mean that they are empty or were removed */
            unknown_lists: {
                /**
                 * @description `mp_domain` set in the mini program console, `third_domain` by the platform, `direct_domain` directly, `effective_domain` what WeChat enforces
                 * @enum {string}
                 */
                group: "mp_domain" | "third_domain" | "direct_domain" | "effective_domain";
                /**
                 * @description Purpose of the domains
                 * @enum {string}
                 */
                list: "requestdomain" | "wsrequestdomain" | "uploaddomain" | "downloaddomain" | "udpdomain" | "tcpdomain";
            }[];
        };
        /** @description Confirms a deletion, which cannot be undone */
        Erasure: {
            /** @description Repeat the id of what is deleted */
            confirm: string;
        };
        /** @description Something that happened. New types may be added: ignore unknown ones */
        Event: {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "platform.ready";
            /** @description Details, which depend on the type */
            data: Record<string, never>;
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "platform.misconfigured";
            /** @description Details, which depend on the type */
            data: {
                /**
                 * @description Stable code, as in a problem document
                 * @enum {string}
                 */
                code: "invalid_request" | "unauthenticated" | "forbidden" | "not_found" | "method_not_allowed" | "not_acceptable" | "request_timeout" | "conflict" | "idempotency_conflict" | "idempotency_key_in_use" | "permission_set_missing" | "authorizer_not_authorized" | "reauthorization_required" | "cursor_expired" | "payload_too_large" | "uri_too_long" | "unsupported_media_type" | "rate_limited" | "headers_too_large" | "internal" | "upstream_failed" | "upstream_unreadable" | "ticket_unavailable" | "platform_misconfigured" | "upstream_busy" | "upstream_quota_exhausted" | "unavailable";
                wechat: {
                    /** @description WeChat's errcode */
                    errcode: number;
                    /** @description WeChat's request id, for its support */
                    rid: string | null;
                } | null;
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "ticket.stale";
            /** @description Details, which depend on the type */
            data: {
                last_received_at: string | null;
                expires_at: string | null;
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "ticket.recovered";
            /** @description Details, which depend on the type */
            data: {
                last_received_at: string | null;
                expires_at: string | null;
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "authorization.granted";
            /** @description Details, which depend on the type */
            data: {
                /** @description Permission sets now */
                permission_sets: number[];
                /** @description Permission sets before */
                previous_permission_sets: number[];
                /**
                 * @description How it became known
                 * @enum {string}
                 */
                by: "push" | "redirect" | "reconciliation";
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "authorization.updated";
            /** @description Details, which depend on the type */
            data: {
                /** @description Permission sets now */
                permission_sets: number[];
                /** @description Permission sets before */
                previous_permission_sets: number[];
                /**
                 * @description How it became known
                 * @enum {string}
                 */
                by: "push" | "redirect" | "reconciliation";
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "authorization.revoked";
            /** @description Details, which depend on the type */
            data: {
                /** @description Permission sets now */
                permission_sets: number[];
                /** @description Permission sets before */
                previous_permission_sets: number[];
                /**
                 * @description How it became known
                 * @enum {string}
                 */
                by: "push" | "redirect" | "reconciliation";
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "permission_set.granted";
            /** @description Details, which depend on the type */
            data: {
                /** @description The permission set */
                permission_set_id: number;
                /** @description Permission sets that are granted now */
                still_granted: number[];
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "permission_set.lost";
            /** @description Details, which depend on the type */
            data: {
                /** @description The permission set */
                permission_set_id: number;
                /** @description Permission sets that are granted now */
                still_granted: number[];
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "token.reauthorization_required";
            /** @description Details, which depend on the type */
            data: {
                /** @description WeChat's errcode, where it said one */
                errcode: number | null;
                /**
                 * Format: date-time
                 * @description Since when (ISO 8601, UTC, milliseconds)
                 */
                since: string;
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "token.recovered";
            /** @description Details, which depend on the type */
            data: {
                since: string | null;
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "authorizer.assigned";
            /** @description Details, which depend on the type */
            data: {
                /** @description The merchant before; null: none */
                from: string | null;
                /** @description The merchant now; null: none */
                to: string | null;
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "authorizer.tagged";
            /** @description Details, which depend on the type */
            data: {
                /** @description Tags before */
                from: string[];
                /** @description Tags now */
                to: string[];
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "domains.first_seen";
            /** @description Details, which depend on the type */
            data: {
                /** @description Id of the snapshot */
                snapshot_id: string;
                /** @description Groups that WeChat sent */
                groups: string[];
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "domains.changed";
            /** @description Details, which depend on the type */
            data: {
                /** @description Id of the snapshot */
                snapshot_id: string;
                /** @description What changed, by group and list; at most 100 domains in all */
                changes: components["schemas"]["DomainChange"][];
                /** @description Whether there is more than is listed: the snapshot has it all */
                truncated: boolean;
                /** @description Groups that changed */
                groups: string[];
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "domains.effective";
            /** @description Details, which depend on the type */
            data: {
                /** @description Id of the snapshot */
                snapshot_id: string;
                /** @description What changed, by group and list; at most 100 domains in all */
                changes: components["schemas"]["DomainChange"][];
                /** @description Whether there is more than is listed: the snapshot has it all */
                truncated: boolean;
                /** @description The release that the change came with, where it is known */
                release: {
                    /** @description Version, where known */
                    version: string | null;
                    /**
                     * Format: date-time
                     * @description When (ISO 8601, UTC, milliseconds)
                     */
                    at: string;
                } | null;
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "domains.drift_started";
            /** @description Details, which depend on the type */
            data: {
                /** @description Domains that are configured but not effective, by list */
                pending: {
                    /**
                     * @description Purpose of the domains
                     * @enum {string}
                     */
                    list: "requestdomain" | "wsrequestdomain" | "uploaddomain" | "downloaddomain" | "udpdomain" | "tcpdomain";
                    /** @description Domains */
                    domains: string[];
                }[];
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "domains.drift_ended";
            /** @description Details, which depend on the type */
            data: {
                /** @description What had been pending */
                pending: {
                    /**
                     * @description Purpose of the domains
                     * @enum {string}
                     */
                    list: "requestdomain" | "wsrequestdomain" | "uploaddomain" | "downloaddomain" | "udpdomain" | "tcpdomain";
                    /** @description Domains */
                    domains: string[];
                }[];
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "domains.limit";
            /** @description Details, which depend on the type */
            data: {
                /**
                 * @description `list_200`: entries of one list. `principals_100`: principals that share a domain. `edits_50`: edits a month
                 * @enum {string}
                 */
                limit: "list_200" | "principals_100" | "edits_50";
                /** @description The group of the list, for `list_200` */
                group: ("mp_domain" | "third_domain" | "direct_domain" | "effective_domain") | null;
                /** @description The list, for `list_200` */
                list: ("requestdomain" | "wsrequestdomain" | "uploaddomain" | "downloaddomain" | "udpdomain" | "tcpdomain") | null;
                /** @description The domain, for `principals_100` */
                domain: string | null;
                /** @description Count now */
                count: number;
                /** @description Percentage of the limit that was crossed */
                level: 80 | 95 | 100;
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "snapshot.failed";
            /** @description Details, which depend on the type */
            data: {
                /**
                 * @description Stable code, as in a problem document
                 * @enum {string}
                 */
                code: "invalid_request" | "unauthenticated" | "forbidden" | "not_found" | "method_not_allowed" | "not_acceptable" | "request_timeout" | "conflict" | "idempotency_conflict" | "idempotency_key_in_use" | "permission_set_missing" | "authorizer_not_authorized" | "reauthorization_required" | "cursor_expired" | "payload_too_large" | "uri_too_long" | "unsupported_media_type" | "rate_limited" | "headers_too_large" | "internal" | "upstream_failed" | "upstream_unreadable" | "ticket_unavailable" | "platform_misconfigured" | "upstream_busy" | "upstream_quota_exhausted" | "unavailable";
                wechat: {
                    /** @description WeChat's errcode */
                    errcode: number;
                    /** @description WeChat's request id, for its support */
                    rid: string | null;
                } | null;
                /**
                 * Format: date-time
                 * @description First failure in a row (ISO 8601, UTC, milliseconds)
                 */
                since: string;
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "snapshot.recovered";
            /** @description Details, which depend on the type */
            data: {
                /**
                 * Format: date-time
                 * @description First failure of the series that has ended (ISO 8601, UTC, milliseconds)
                 */
                since: string;
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "platform_domains.changed";
            /** @description Details, which depend on the type */
            data: {
                /** @description Domains that are new in the list of the platform */
                added: string[];
                /** @description Domains that are no longer in it */
                removed: string[];
                /** @description Accounts that use a removed domain */
                would_drop: number;
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "release.detected";
            /** @description Details, which depend on the type */
            data: {
                /** @description Version, where known */
                version: string | null;
                release_time: string | null;
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "audit.passed";
            /** @description Details, which depend on the type */
            data: {
                /** @description Version, where known */
                version: string | null;
                release_time: string | null;
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "audit.refused";
            /** @description Details, which depend on the type */
            data: {
                /** @description Version, where known */
                version: string | null;
                release_time: string | null;
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "audit.delayed";
            /** @description Details, which depend on the type */
            data: {
                /** @description Version, where known */
                version: string | null;
                release_time: string | null;
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "api_ips.changed";
            /** @description Details, which depend on the type */
            data: {
                /**
                 * @description `api-domain`: addresses of WeChat's API servers (get_api_domain_ip). `callback`: addresses that pushes are sent from (getcallbackip)
                 * @enum {string}
                 */
                kind: "api-domain" | "callback";
                /** @description Addresses that are new */
                added: string[];
                /** @description Addresses that are no longer in the list */
                removed: string[];
                /** @description Changes exactly when the list changes */
                sync_token: string;
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "api_ips.held";
            /** @description Details, which depend on the type */
            data: {
                /**
                 * @description `api-domain`: addresses of WeChat's API servers (get_api_domain_ip). `callback`: addresses that pushes are sent from (getcallbackip)
                 * @enum {string}
                 */
                kind: "api-domain" | "callback";
                /** @description Addresses that are new */
                added: string[];
                /** @description Addresses that are no longer in the list */
                removed: string[];
                /** @description Changes exactly when the list changes */
                sync_token: string;
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "quota.parked";
            /** @description Details, which depend on the type */
            data: {
                /** @description Path of the API */
                path: string;
                until: string | null;
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "quota.released";
            /** @description Details, which depend on the type */
            data: {
                /** @description Path of the API */
                path: string;
                until: string | null;
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "sweep.finished";
            /** @description Details, which depend on the type */
            data: {
                /** @description Id of the sweep */
                sweep_id: string;
                /**
                 * @description How it ended
                 * @enum {string}
                 */
                state: "done" | "failed";
                /** @description Mini programs */
                total: number;
                /** @description Mini programs with changed domains */
                changed: number;
                /** @description Mini programs with unchanged domains */
                unchanged: number;
                /** @description Mini programs without permission set 18 */
                skipped_permission: number;
                /** @description Mini programs that could not be read */
                failed: number;
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "reconciliation.finished";
            /** @description Details, which depend on the type */
            data: {
                /** @description Id of the reconciliation */
                reconciliation_id: string;
                /**
                 * @description How it ended
                 * @enum {string}
                 */
                state: "done" | "stopped" | "failed";
                /** @description Accounts that WeChat listed */
                listed: number;
                /** @description Accounts that were new */
                created: number;
                /** @description Accounts with a recovered refresh token */
                recovered: number;
                /** @description Accounts without a change */
                unchanged: number;
                /** @description Accounts that are not authorized any more */
                marked_unauthorized: number;
                /** @description Accounts without a refresh token */
                without_refresh_token: number;
                /** @description Accounts that failed */
                failed: number;
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "push.received";
            /** @description Details, which depend on the type */
            data: {
                /** @description InfoType or event of the push */
                info_type: string;
                /** @description Id of the push */
                push_id: string;
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "webhook.disabled";
            /** @description Details, which depend on the type */
            data: {
                /** @description Id of the webhook endpoint */
                endpoint_id: string;
                /**
                 * @description `gone`: the receiver answered 410. `failing`: five days without a success
                 * @enum {string}
                 */
                reason: "gone" | "failing";
            };
        } | {
            /** @description Number of the event on its platform, without gaps: 1, 2, 3 … */
            id: string;
            /**
             * Format: date-time
             * @description When it happened: WeChat's time where there is one (ISO 8601, UTC, milliseconds)
             */
            occurred_at: string;
            /**
             * Format: date-time
             * @description When the hub recorded it (ISO 8601, UTC, milliseconds)
             */
            recorded_at: string;
            /** @description The account it is about; null: none */
            authorizer_appid: string | null;
            /** @description The merchant whose account it was then; null: none */
            merchant_id: string | null;
            /**
             * @description Type of the event
             * @constant
             */
            type: "webhook.test";
            /** @description Details, which depend on the type */
            data: Record<string, never>;
        };
        EventPage: {
            /** @description Events, oldest first */
            items: components["schemas"]["Event"][];
            /** @description The same as `last_event_id`: a feed has no last page */
            next_cursor: string;
            /** @description All events up to this one have been examined, including those that the filter left out: pass it as `after` */
            last_event_id: string;
        };
        FieldError: {
            /**
             * @description Part of the request that contains the field
             * @enum {string}
             */
            in?: "path" | "query" | "body" | "header";
            /** @description Field name; members of objects and arrays are joined by dots (`merchant_ids.0`) */
            path: string;
            /** @description Why it is invalid */
            message: string;
        };
        /** @description A change of one list of one mini program */
        FleetChange: {
            /** @description authorizer_appid: the appid of the merchant's account */
            authorizer_appid: string;
            /** @description Merchant; null while the account is unassigned */
            merchant_id: string | null;
            /** @description Snapshot that starts with the change */
            snapshot_id: string;
            /**
             * Format: date-time
             * @description First observation after the change (ISO 8601, UTC, milliseconds)
             */
            observed_at: string;
            /**
             * @description `mp_domain` set in the mini program console, `third_domain` by the platform, `direct_domain` directly, `effective_domain` what WeChat enforces
             * @enum {string}
             */
            group: "mp_domain" | "third_domain" | "direct_domain" | "effective_domain";
            /**
             * @description Purpose of the domains
             * @enum {string}
             */
            list: "requestdomain" | "wsrequestdomain" | "uploaddomain" | "downloaddomain" | "udpdomain" | "tcpdomain";
            /** @description Added domains in normal form */
            added: string[];
            /** @description Removed domains in normal form */
            removed: string[];
        };
        FleetChangePage: {
            /** @description Changes, newest first */
            items: components["schemas"]["FleetChange"][];
            /** @description Cursor of the next page; null on the last page */
            next_cursor: string | null;
        };
        /** @description What an account had granted from a moment on */
        Grant: {
            /**
             * Format: date-time
             * @description From when on (ISO 8601, UTC, milliseconds)
             */
            at: string;
            /**
             * @description `unauthorized`: the merchant withdrew the authorization. `reauthorization_required`: WeChat rejects every known refresh token, so the merchant must authorize again
             * @enum {string}
             */
            state: "authorized" | "unauthorized" | "reauthorization_required";
            /** @description Permission sets (权限集) that were granted then, as last known, ascending */
            permission_sets: number[];
            /** @description Permission sets that were not granted before */
            gained: number[];
            /** @description Permission sets that were granted before */
            lost: number[];
            /** @description Whether its domains could be read: authorized, with permission set 18 */
            can_read_domains: boolean;
        };
        GrantPage: {
            /** @description Grants, newest first */
            items: components["schemas"]["Grant"][];
            /** @description Cursor of the next page; null on the last page */
            next_cursor: string | null;
        };
        /** @description Health of the process */
        Health: {
            /**
             * @description `ok` or `unavailable`
             * @enum {string}
             */
            status: "ok" | "unavailable";
            /** @description Why the process cannot serve requests */
            reason?: string;
            /** @description Only while the clocks of the hub, the database and WeChat differ by more than ten seconds */
            clocks?: {
                /**
                 * @description Which clock is wrong, judged from all three
                 * @enum {string}
                 */
                wrong: "hub" | "database" | "hub_and_database" | "hub_or_database" | "unclear";
                /** @description How far the database's clock is ahead of the hub's; negative: behind */
                database_offset_seconds: number | null;
                /** @description How far WeChat's clock is ahead of the hub's; null: no reply in the last 15 minutes */
                wechat_offset_seconds: number | null;
            };
        };
        /** @description Options of a key rotation */
        KeyRotation: {
            /**
             * @description How long the old key stays valid, at most until its own expiry; 0: it is revoked at once
             * @default 86400
             */
            overlap_seconds: number;
        };
        /** @description The latest failure since the last success */
        LastFailure: {
            /**
             * Format: date-time
             * @description Time of the failure (ISO 8601, UTC, milliseconds)
             */
            at: string;
            /** @description Error code, as in a problem document */
            code: string;
            /** @description WeChat's reply; null when there was none that could be read */
            wechat: components["schemas"]["WechatFailure"] | null;
        };
        /** @description A period in which a domain was in a list */
        Lifespan: {
            /**
             * @description `mp_domain` set in the mini program console, `third_domain` by the platform, `direct_domain` directly, `effective_domain` what WeChat enforces
             * @enum {string}
             */
            group: "mp_domain" | "third_domain" | "direct_domain" | "effective_domain";
            /**
             * @description Purpose of the domains
             * @enum {string}
             */
            list: "requestdomain" | "wsrequestdomain" | "uploaddomain" | "downloaddomain" | "udpdomain" | "tcpdomain";
            /** @description Domain as WeChat sent it */
            domain: string;
            /**
             * Format: date-time
             * @description First observation with it (ISO 8601, UTC, milliseconds)
             */
            first_observed_at: string;
            /**
             * Format: date-time
             * @description Last observation with it (ISO 8601, UTC, milliseconds)
             */
            last_observed_at: string;
            ended_at: string | null;
            /** @description Whether the latest observation has it */
            present: boolean;
        };
        LifespanPage: {
            /** @description Lifespans by group, list, domain and time */
            items: components["schemas"]["Lifespan"][];
            /** @description Cursor of the next page; null on the last page */
            next_cursor: string | null;
        };
        /** @description Re-encryption of all secrets with the first master key */
        MasterKeyRotation: {
            /** @description Id of this rotation */
            id: string;
            /** @description Id of the master key to encrypt with: the first in MASTER_KEYS */
            key_id: string;
            /**
             * @description `running` until every value is re-encrypted; resumes after a crash. `incomplete`: some process still encrypts with another key. `failed`: see reason
             * @enum {string}
             */
            state: "running" | "done" | "incomplete" | "failed";
            /** @description Why it is incomplete or failed */
            reason: string | null;
            /** @description Rows to re-encrypt; null until a worker has counted them */
            total: number | null;
            /** @description Rows re-encrypted so far */
            resealed: number;
            /** @description Rows encrypted with other keys at the end; null until then */
            remaining: number | null;
            /**
             * Format: date-time
             * @description Start (ISO 8601, UTC, milliseconds)
             */
            started_at: string;
            finished_at: string | null;
        };
        /** @description Which master keys are in use */
        MasterKeys: {
            /** @description Id of the key this process encrypts with: the first in its MASTER_KEYS */
            encrypts_with: string;
            /** @description Keys in MASTER_KEYS and keys in use. A key with 0 values may be removed from MASTER_KEYS */
            keys: {
                /** @description Id of the key */
                key_id: string;
                /** @description Values encrypted with it */
                values: number;
                /** @description Whether it is in MASTER_KEYS of this process */
                known: boolean;
            }[];
        };
        /** @description The current caller */
        Me: {
            /**
             * @description Kind of caller
             * @enum {string}
             */
            kind: "api_key" | "user";
            /** @description Name in the audit log: api_key:<id>, operator:<id> or user:<name> */
            name: string;
            /** @description Role of the user; null for a key */
            role: ("viewer" | "admin" | "operator") | null;
            /** @description Platform; null for the whole installation */
            component_appid: string | null;
            /** @description Scopes of the caller */
            scopes: ("platforms:write" | "authorizers:read" | "authorizers:write" | "tokens:issue" | "domains:read" | "domains:snapshot" | "api-ips:read" | "api-ips:snapshot" | "keys:write" | "audit:read" | "events:read" | "webhooks:write" | "relays:write")[];
            /** @description Merchants it is limited to; null: all */
            merchant_ids: string[] | null;
            /** @description Send it as `X-CSRF-Token` with every state-changing request that uses the cookie; null for keys */
            csrf_token: string | null;
        };
        /** @description A merchant of the platform */
        Merchant: {
            /** @description merchant_id: the provider's own id of the merchant */
            merchant_id: string;
            /** @description Display name of the merchant */
            name: string;
            /**
             * Format: date-time
             * @description When the merchant was created (ISO 8601, UTC, milliseconds)
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When the merchant was last changed (ISO 8601, UTC, milliseconds)
             */
            updated_at: string;
        };
        /** @description Calls on behalf of one account */
        MerchantCalls: {
            /** @description Newest day first; about ten seconds old */
            items: {
                /**
                 * Format: date
                 * @description Day in Beijing
                 */
                day: string;
                /** @description Path of WeChat's API, for example /wxa/get_effective_domain */
                path: string;
                /** @description Calls */
                calls: number;
                /** @description Calls with an error or without a response */
                errors: number;
            }[];
        };
        MerchantPage: {
            /** @description Merchants by merchant_id */
            items: components["schemas"]["Merchant"][];
            /** @description Cursor of the next page; null on the last page */
            next_cursor: string | null;
        };
        /** @description The new name of the merchant */
        MerchantPatch: {
            /** @description Display name of the merchant */
            name: string;
        };
        /** @description Confirms the removal of a merchant */
        MerchantRemoval: {
            /** @description Repeat the merchant_id */
            confirm: string;
        };
        /** @description A new API key */
        NewApiKey: {
            /** @description What the key is for */
            name: string;
            /** @description Scopes of the key; a subset of the scopes of the caller */
            scopes: ("platforms:write" | "authorizers:read" | "authorizers:write" | "tokens:issue" | "domains:read" | "domains:snapshot" | "api-ips:read" | "api-ips:snapshot" | "keys:write" | "audit:read" | "events:read" | "webhooks:write" | "relays:write")[];
            /** @description Limits the key to these merchants; absent: the merchants of the caller */
            merchant_ids?: string[];
            /**
             * Format: date-time
             * @description When the key expires; in the future, and no later than the caller. Absent: when the caller expires (ISO 8601 with offset, for example 2026-01-31T08:00:00.000Z)
             */
            expires_at?: string;
            /** @description Addresses and CIDR ranges from which the key may be used; absent: as the key that creates it */
            networks?: string[];
        };
        /** @description A link for a merchant to authorize the platform */
        NewAuthorizationLink: {
            /** @description merchant_id: the provider's own id of the merchant */
            merchant_id: string;
            /**
             * @description `pc`: page with a QR code. `mobile`: page for the browser inside WeChat
             * @enum {string}
             */
            page: "pc" | "mobile";
            /** @description Kinds of accounts to offer: 1 official accounts, 2 mini programs, 3 both, 4 mini program promoter, 5 channels, 6 all, 8 sales assistants */
            auth_type?: 1 | 2 | 3 | 4 | 5 | 6 | 8;
            /** @description Limits the page to this account; overrides auth_type */
            authorizer_appid?: string;
            /** @description Permission sets to request; absent: those the platform has published */
            permission_sets?: number[];
            /** @description Where the merchant is sent after authorizing; absent: a page of the hub */
            return_url?: string;
            /** @description How long the link can be opened: an ISO 8601 duration from PT5M to P90D; absent: P7D */
            expires_in?: string;
        };
        /** @description Budget of a path */
        NewCallBudget: {
            /** @description Path of WeChat's API, for example /wxa/get_effective_domain */
            path: string;
            /** @description Maximum calls per day for all merchants together; null removes the budget */
            per_day: number | null;
            /**
             * @description Calls reserved for interactive requests; background work stops this much earlier
             * @default 0
             */
            reserve: number;
        };
        /** @description What to erase of an account */
        NewErasure: {
            /** @description The authorizer_appid again */
            confirm: string;
            /** @description true: the history of its domains and grants is kept under its appid; false: nothing is kept */
            keep_history: boolean;
        };
        /** @description The first user of an empty installation */
        NewFirstOperator: {
            /** @description The token in the sign-up link that the hub printed at startup */
            token: string;
            /** @description User name */
            username: string;
            /** @description Password, 12 to 256 characters. Never returned */
            password: string;
        };
        /** @description A merchant of the platform */
        NewMerchant: {
            /** @description merchant_id: the provider's own id of the merchant */
            merchant_id: string;
            /** @description Display name of the merchant */
            name: string;
        };
        /** @description A third-party platform to register */
        NewPlatform: {
            /** @description component_appid: the appid of the third-party platform */
            component_appid: string;
            /** @description component_appsecret from the platform's settings page at WeChat. Never returned */
            component_appsecret: string;
            /** @description Token that signs pushes (消息校验Token). Never returned */
            token: string;
            /** @description EncodingAESKey (消息加解密Key). Never returned */
            encoding_aes_key: string;
            /** @description Display name */
            name: string;
        };
        /** @description Uses one of WeChat's ten resets per month */
        NewQuotaReset: {
            /** @description Account whose quota is reset; absent: the platform's own quota, including token calls */
            authorizer_appid?: string;
            /** @description Repeat the appid whose quota is reset */
            confirm: string;
        };
        /** @description Options of the reconciliation */
        NewReconciliation: {
            /** @description Accept a list that is much shorter than before or names other accounts, which would otherwise stop the run. Each account that is not listed is still checked individually before it is marked; an empty list always stops the run */
            accept_shrunk_list?: boolean;
        };
        /** @description What a retention run keeps */
        NewRetentionRun: {
            /** @description Keep all snapshots that ended within this time; at least P30D */
            keep_all: string;
            /**
             * @description Of older snapshots, keep the last one per period of this length; at least P1D
             * @default P30D
             */
            thin_to: string;
        };
        /** @description A login */
        NewSession: {
            /** @description User name */
            username: string;
            /** @description Password */
            password: string;
        };
        /** @description A new console user */
        NewUser: {
            /** @description User name */
            username: string;
            /** @description Password, 12 to 256 characters. Never returned */
            password: string;
            /**
             * @description `viewer`: read access to one platform. `admin`: full access to one platform. `operator`: full access to the installation
             * @enum {string}
             */
            role: "viewer" | "admin" | "operator";
            /** @description Platform of a viewer or admin. Absent for operators; callers of a platform may omit it */
            component_appid?: string;
            /**
             * Format: date-time
             * @description When the user expires; no later than the caller. Absent: when the caller expires (ISO 8601 with offset, for example 2026-01-31T08:00:00.000Z)
             */
            expires_at?: string;
        };
        /** @description When one content of a mini program was observed */
        ObservationTimes: {
            /** @description The snapshot that was observed */
            snapshot_id: string;
            /**
             * Format: date-time
             * @description First observation of this content (ISO 8601, UTC, milliseconds)
             */
            first_observed_at: string;
            /**
             * Format: date-time
             * @description Last observation of this content so far (ISO 8601, UTC, milliseconds)
             */
            last_observed_at: string;
            /** @description How often it was observed without change */
            observations: number;
            /** @description Times between two equal observations in which it may have been different */
            gaps: {
                /**
                 * Format: date-time
                 * @description The observation before the gap (ISO 8601, UTC, milliseconds)
                 */
                from: string;
                /**
                 * Format: date-time
                 * @description The observation after the gap (ISO 8601, UTC, milliseconds)
                 */
                to: string;
                /** @description Why nothing is known about this time */
                reason: string;
            }[];
        };
        /** @description When a mini program was observed: what a timeline is drawn from */
        Observations: {
            /** @description Snapshots, newest first */
            items: components["schemas"]["ObservationTimes"][];
            /** @description Cursor of the next page; null on the last page */
            next_cursor: string | null;
            /** @description Why nothing is known now; null if the latest observation is still valid */
            unknown: components["schemas"]["UnknownReason"] | null;
        };
        /** @description A path that is paused because of WeChat's quota */
        ParkedPath: {
            /** @description Account whose quota it is; null for the platform's own */
            authorizer_appid: string | null;
            /** @description Path of WeChat's API, for example /wxa/get_effective_domain */
            path: string;
            /** @description 45009: daily quota used up. 45011: too many calls per minute */
            errcode: number;
            /**
             * Format: date-time
             * @description When WeChat returned the error (ISO 8601, UTC, milliseconds)
             */
            parked_at: string;
            /**
             * Format: date-time
             * @description When calls resume at the latest (ISO 8601, UTC, milliseconds)
             */
            parked_until: string;
            next_probe_at: string | null;
            /** @description Number of consecutive errors */
            strikes: number;
        };
        /** @description A third-party platform */
        Platform: {
            /** @description component_appid: the appid of the third-party platform */
            component_appid: string;
            /** @description Display name */
            name: string;
            /**
             * Format: uri
             * @description 授权事件接收URL; enter it on the platform's settings page at WeChat
             */
            events_url: string;
            /** @description 消息与事件接收URL; WeChat replaces `$APPID$` */
            messages_url: string;
            /**
             * Format: uri
             * @description Where WeChat redirects the merchant after authorizing
             */
            redirect_url: string;
            ticket_received_at: string | null;
            ticket_expires_at: string | null;
            component_access_token_expires_at: string | null;
            /**
             * @description `awaiting_ticket`: no ticket received yet. `ready`. `ticket_stale`: ticket pushes have stopped. `misconfigured`: WeChat rejects the platform's secret or IP address
             * @enum {string}
             */
            state: "awaiting_ticket" | "ready" | "ticket_stale" | "misconfigured";
            /**
             * Format: date-time
             * @description When it was registered (ISO 8601, UTC, milliseconds)
             */
            created_at: string;
            /** @description The previous pair of token and EncodingAESKey, while it is still accepted; null: none */
            previous_push_secrets: {
                /**
                 * Format: date-time
                 * @description When the previous pair of token and EncodingAESKey becomes invalid (ISO 8601, UTC, milliseconds)
                 */
                valid_until: string;
                /** @description Pushes decrypted with it since the replacement */
                pushes_opened: number;
                last_used_at: string | null;
            } | null;
        };
        /** @description One check of the connection between a platform and WeChat */
        PlatformCheck: {
            /**
             * @description Name of the check
             * @enum {string}
             */
            id: "clocks" | "master_keys" | "public_url" | "name_and_certificate" | "test_push" | "push_secrets" | "arrivals" | "answer_times" | "ticket" | "component_token" | "egress_address" | "published" | "redirect_host" | "permission_set_18" | "reconciliation" | "messages_url" | "platform_domains" | "confirm_files" | "wechat_addresses" | "feed" | "webhooks_and_relays";
            /**
             * @description `unknown`: there is no evidence yet. `skipped`: a check that it depends on has failed, or there is nothing to look at
             * @enum {string}
             */
            status: "pass" | "warn" | "fail" | "unknown" | "skipped";
            since: string | null;
            /** @description What was found, as a stable name; null: nothing to do */
            finding: string | null;
            /** @description Name of the check */
            title: string;
            /** @description Name of the check in Chinese */
            title_zh: string;
            /** @description What was seen */
            evidence: string[];
            /** @description What to do; null: nothing */
            next_step: string | null;
            /** @description What to do, in Chinese; null: nothing */
            next_step_zh: string | null;
            /** @description Section of the documentation */
            doc: string;
        };
        /** @description The checks of a platform */
        PlatformChecks: {
            checked_at: string | null;
            /** @description The check to begin with; null: none has failed */
            first_fail: ("clocks" | "master_keys" | "public_url" | "name_and_certificate" | "test_push" | "push_secrets" | "arrivals" | "answer_times" | "ticket" | "component_token" | "egress_address" | "published" | "redirect_host" | "permission_set_18" | "reconciliation" | "messages_url" | "platform_domains" | "confirm_files" | "wechat_addresses" | "feed" | "webhooks_and_relays") | null;
            /** @description All checks, in the order in which to read them */
            items: components["schemas"]["PlatformCheck"][];
        };
        /** @description A platform in numbers */
        PlatformOverview: {
            /**
             * Format: date-time
             * @description When this was counted (ISO 8601, UTC, milliseconds)
             */
            at: string;
            /** @description The fleet in numbers */
            mini_programs: {
                /** @description Mini programs in state `authorized` */
                authorized: number;
                /** @description Those of them that grant permission set 18 */
                readable: number;
                /** @description Readable ones whose latest observation is younger than `fresh_seconds` */
                fresh: number;
                /** @description Authorized ones that were never observed or do not grant permission set 18 */
                unknown: number;
                /** @description Readable ones where reading has failed since their latest observation */
                failing: number;
            };
            /** @description Age in seconds up to which an observation counts as fresh */
            fresh_seconds: number;
            /** @description The readable mini program whose latest observation is the oldest; null when none was observed */
            oldest_evidence: {
                /** @description authorizer_appid: the appid of the merchant's account */
                authorizer_appid: string;
                /**
                 * Format: date-time
                 * @description Its latest observation (ISO 8601, UTC, milliseconds)
                 */
                observed_at: string;
            } | null;
            /** @description The last 30 days including today, oldest first; days without a change are there with 0 */
            changes_per_day: {
                /**
                 * Format: date
                 * @description A day in Beijing time
                 */
                day: string;
                /** @description Snapshots that differ from the one before them; first observations are no changes */
                changes: number;
            }[];
        };
        PlatformPage: {
            /** @description Platforms, oldest first */
            items: components["schemas"]["Platform"][];
            /** @description Cursor of the next page; null on the last page */
            next_cursor: string | null;
        };
        /** @description Fields to change. After a change of token or key, the previous pair stays valid for incoming pushes for 24 hours */
        PlatformPatch: {
            /** @description Display name */
            name?: string;
            /** @description component_appsecret from the platform's settings page at WeChat. Never returned */
            component_appsecret?: string;
            /** @description Token that signs pushes (消息校验Token). Never returned */
            token?: string;
            /** @description EncodingAESKey (消息加解密Key). Never returned */
            encoding_aes_key?: string;
            /**
             * @description true: the previous pair of token and EncodingAESKey becomes invalid at once instead of after 24 hours
             * @constant
             */
            end_previous_push_secrets?: true;
        };
        /** @description The removal of a platform */
        PlatformRemoval: {
            /** @description Id of the removal */
            id: string;
            /** @description component_appid: the appid of the third-party platform */
            component_appid: string;
            /**
             * @description An interrupted removal resumes by itself
             * @enum {string}
             */
            state: "running" | "done";
            /** @description Rows when it began */
            total: number;
            /** @description Rows removed so far; more than total if some were written in the meantime */
            removed: number;
            /** @description The table that is being emptied */
            current: string | null;
            /**
             * Format: date-time
             * @description Start (ISO 8601, UTC, milliseconds)
             */
            started_at: string;
            finished_at: string | null;
        };
        /** @description What would be removed */
        PlatformRemovalCounts: {
            /** @description component_appid: the appid of the third-party platform */
            component_appid: string;
            /** @description Number of rows by table; tables without any are absent */
            rows: {
                [key: string]: number;
            };
        };
        /** @description What to remove */
        PlatformRemovalRequest: {
            /** @description The component_appid again; not needed for a dry run */
            confirm?: string;
            /**
             * @description Only count what would be removed
             * @default false
             */
            dry_run: boolean;
        };
        /** @description A problem document (RFC 9457) */
        Problem: {
            /** @description URI of the error code: `urn:wxfleet:problem:<code>` */
            type: string;
            /** @description What this code means */
            title: string;
            /** @description HTTP status */
            status: number;
            /**
             * @description Stable error code; use this in programs
             * @enum {string}
             */
            code: "invalid_request" | "unauthenticated" | "forbidden" | "not_found" | "method_not_allowed" | "not_acceptable" | "request_timeout" | "conflict" | "idempotency_conflict" | "idempotency_key_in_use" | "permission_set_missing" | "authorizer_not_authorized" | "reauthorization_required" | "cursor_expired" | "payload_too_large" | "uri_too_long" | "unsupported_media_type" | "rate_limited" | "headers_too_large" | "internal" | "upstream_failed" | "upstream_unreadable" | "ticket_unavailable" | "platform_misconfigured" | "upstream_busy" | "upstream_quota_exhausted" | "unavailable";
            /** @description What is wrong with this request */
            detail?: string;
            /** @description Id of this occurrence; the hub's log contains it */
            instance: string;
            /** @description `invalid_request`: the invalid fields */
            errors?: components["schemas"]["FieldError"][];
            /** @description `permission_set_missing`: the missing permission set */
            permission_set_id?: number;
            /** @description `cursor_expired`: the oldest event that is kept */
            oldest_event_id?: string;
            /** @description Upstream failures: WeChat's reply */
            wechat?: components["schemas"]["WechatFailure"];
        } & {
            [key: string]: unknown;
        };
        /** @description A push received from WeChat. Its content is not shown: it may contain an authorization code */
        Push: {
            /** @description Id of the push */
            id: string;
            /** @description WeChat's InfoType, for example authorized */
            info_type: string;
            /** @description Account concerned; null for the platform itself */
            authorizer_appid: string | null;
            /**
             * @description `pending`: queued or being retried. `handled`. `superseded`: replaced by a newer push. `unhandled`: no handler for this type. `failed`: given up after the last retry
             * @enum {string}
             */
            state: "pending" | "handled" | "superseded" | "unhandled" | "failed";
            /**
             * Format: date-time
             * @description WeChat's CreateTime (ISO 8601, UTC, milliseconds)
             */
            wechat_created_at: string;
            /**
             * Format: date-time
             * @description When it was received (ISO 8601, UTC, milliseconds)
             */
            received_at: string;
            handled_at: string | null;
            /** @description Number of attempts */
            attempts: number;
            /** @description Latest error */
            failure: {
                /** @description Error code, if any */
                code: string | null;
                /** @description Error of the latest attempt */
                message: string;
            } | null;
        };
        /** @description Pushes that are received and not yet processed */
        PushBacklog: {
            /** @description Pending pushes */
            pending: number;
            /** @description Age of the oldest pending push in seconds; 0 if there is none */
            oldest_seconds: number;
            /** @description Failed pushes, which can be replayed */
            failed: number;
        };
        PushPage: {
            /** @description Pushes, newest first */
            items: components["schemas"]["Push"][];
            /** @description Cursor of the next page; null on the last page */
            next_cursor: string | null;
        };
        /** @description A platform's use of WeChat's quotas */
        Quota: {
            /**
             * Format: date
             * @description Current day in Beijing
             */
            day: string;
            /**
             * Format: date-time
             * @description End of that day (ISO 8601, UTC, milliseconds)
             */
            resets_at: string;
            /** @description Paused paths: the platform's own first, at most 500 */
            parks: components["schemas"]["ParkedPath"][];
            /** @description Total number of paused paths */
            parked_count: number;
            /** @description Today's calls by path; about a second old */
            calls: {
                /** @description Path of WeChat's API, for example /wxa/get_effective_domain */
                path: string;
                /** @description Calls */
                calls: number;
                /** @description Calls with an error or without a response */
                errors: number;
            }[];
            /** @description Budgets and their use */
            budgets: components["schemas"]["CallBudget"][];
        };
        /** @description The quota was reset */
        QuotaReset: {
            /** @description Appid whose quota was reset */
            appid: string;
            /** @description Paused paths that were resumed */
            lifted: number;
        };
        /** @description A comparison with WeChat's authorizer list */
        Reconciliation: {
            /** @description Id of this reconciliation */
            id: string;
            /**
             * @description `stopped`: WeChat's list was implausible and nothing was marked; see reason
             * @enum {string}
             */
            state: "running" | "done" | "stopped" | "failed";
            /** @description Why it stopped or failed */
            reason: string | null;
            /** @description Authorizers in WeChat's list; null before its first page */
            total: number | null;
            /** @description Authorizers compared so far */
            listed: number;
            /** @description Previously unknown authorizers */
            created: number;
            /** @description Authorizers whose state or refresh token was repaired */
            recovered: number;
            /** @description Authorizers without differences */
            unchanged: number;
            /** @description No longer listed, confirmed with WeChat, and marked unauthorized */
            marked_unauthorized: number;
            /** @description Listed without a refresh token */
            without_refresh_token: number;
            /** @description Authorizers that could not be repaired */
            failed: number;
            /**
             * Format: date-time
             * @description Start (ISO 8601, UTC, milliseconds)
             */
            started_at: string;
            finished_at: string | null;
        };
        /** @description A callback request that was refused. Its content is not kept */
        RefusedPush: {
            /**
             * Format: date-time
             * @description When it was refused (ISO 8601, UTC, milliseconds)
             */
            at: string;
            /** @description Path of the request */
            path: string;
            /** @description Address of the sender; null if unknown */
            address: string | null;
            /** @description Why: `signature` (another token), a code of the ciphertext (another EncodingAESKey or another platform), `outer_appid`, `inner_appid`, `malformed`, `payload_too_large` */
            reason: string;
        };
        /** @description The latest refused callback requests of a platform */
        RefusedPushes: {
            /** @description Newest first, 100 at most */
            items: components["schemas"]["RefusedPush"][];
        };
        /** @description A backend that pushes and messages are passed on to */
        Relay: {
            /** @description Name of the relay */
            name: string;
            /** @description Backend */
            url: string;
            /**
             * @description `messages`: what arrives at the messages URL. `events`: what arrives at the events URL
             * @enum {string}
             */
            source: "messages" | "events" | "both";
            /** @description What is passed on; absent: everything of the source */
            match: {
                /** @description Only messages of these types (MsgType) */
                msg_types?: string[];
                /** @description Only events of these names (Event) */
                events?: string[];
                /** @description Only pushes of these types (InfoType) */
                info_types?: string[];
                /** @description Only for these accounts */
                authorizer_appids?: string[];
            };
            /**
             * @description `notify`: WeChat gets `success` at once, the backend gets the message soon. `reply`: the backend answers WeChat. `raw`: query and encrypted body are passed on as they came, and so is the answer
             * @enum {string}
             */
            mode: "notify" | "reply" | "raw";
            /** @description Time limit of the backend in milliseconds. WeChat asks three times and waits 5 seconds each time */
            deadline_ms: number;
            /** @description Whether the relay is enabled */
            enabled: boolean;
            /** @description Messages that have not been delivered yet */
            waiting: number;
            /**
             * Format: date-time
             * @description When it was created (ISO 8601, UTC, milliseconds)
             */
            created_at: string;
        };
        RelayList: {
            /** @description Relays by name; the first that matches replies */
            items: components["schemas"]["Relay"][];
        };
        /** @description Result of a test */
        RelayTest: {
            /** @description Whether the backend accepted it */
            delivered: boolean;
            /** @description HTTP status; null: no answer */
            status: number | null;
            /** @description Why there was no answer */
            error: ("refused_address" | "timeout" | "tls" | "connection") | null;
            /** @description Description of the error */
            detail: string | null;
            /** @description How long it took */
            duration_ms: number;
            /** @description What WeChat would get, before encryption; empty: nothing; null: the answer cannot be used */
            reply: string | null;
        };
        /** @description What the removal of a merchant changed */
        RemovedMerchant: {
            /** @description merchant_id: the provider's own id of the merchant */
            merchant_id: string;
            /** @description Accounts that were assigned to it, and now to nobody */
            unassigned: string[];
        };
        /** @description Events sent again */
        Replay: {
            /** @description Id of the replay */
            id: string;
            /**
             * @description `done`: all deliveries have been created; each shows its own result
             * @enum {string}
             */
            state: "running" | "done";
            /** @description Matching events at the start */
            matched: number;
            /** @description Deliveries created so far */
            queued: number;
            /** @description Deliveries that succeeded */
            delivered: number;
            /** @description Deliveries that were given up */
            failed: number;
            /**
             * Format: date-time
             * @description When it was requested (ISO 8601, UTC, milliseconds)
             */
            started_at: string;
            finished_at: string | null;
        };
        /** @description A run that thins out the domain history of a platform */
        RetentionRun: {
            /** @description Id of this run */
            id: string;
            /**
             * @description An interrupted run resumes by itself
             * @enum {string}
             */
            state: "running" | "done";
            /** @description All snapshots that ended within this time are kept */
            keep_all: string;
            /** @description Of older snapshots, the last one per period of this length is kept */
            thin_to: string;
            /** @description Mini programs at the start */
            total: number;
            /** @description Mini programs processed so far */
            examined: number;
            /** @description Snapshots removed */
            removed: number;
            /**
             * Format: date-time
             * @description Start (ISO 8601, UTC, milliseconds)
             */
            started_at: string;
            finished_at: string | null;
        };
        /** @description The domains of a mini program over a period without change */
        Snapshot: {
            /** @description Id of the snapshot */
            id: string;
            /** @description authorizer_appid: the appid of the merchant's account */
            authorizer_appid: string;
            /**
             * Format: date-time
             * @description First observation of these domains (ISO 8601, UTC, milliseconds)
             */
            first_observed_at: string;
            /**
             * Format: date-time
             * @description Latest observation of these domains (ISO 8601, UTC, milliseconds)
             */
            last_observed_at: string;
            /** @description Number of consecutive observations without change */
            observations: number;
            domains: components["schemas"]["Domains"];
            /** @description Lists that WeChat sent as null or in a form that cannot be read: they are absent from `domains`, which does not mean that they are empty or were removed */
            unknown_lists: {
                /**
                 * @description `mp_domain` set in the mini program console, `third_domain` by the platform, `direct_domain` directly, `effective_domain` what WeChat enforces
                 * @enum {string}
                 */
                group: "mp_domain" | "third_domain" | "direct_domain" | "effective_domain";
                /**
                 * @description Purpose of the domains
                 * @enum {string}
                 */
                list: "requestdomain" | "wsrequestdomain" | "uploaddomain" | "downloaddomain" | "udpdomain" | "tcpdomain";
            }[];
            /** @description Differences from the previous snapshot; everything for the first one */
            changes: components["schemas"]["DomainChange"][];
        };
        SnapshotPage: {
            /** @description Snapshots, newest first */
            items: components["schemas"]["Snapshot"][];
            /** @description Cursor of the next page; null on the last page */
            next_cursor: string | null;
        };
        /** @description Background work that was started or already running */
        Started: {
            /** @description Id to query the progress */
            id: string;
        };
        /** @description A replay that has been started, or would be */
        StartedReplay: {
            /** @description Id of the replay; null for a dry run */
            id: string | null;
            /** @description Events that are sent */
            matched: number;
        };
        /** @description A relay, with its secret when it is new */
        StoredRelay: {
            /** @description Name of the relay */
            name: string;
            /** @description Backend */
            url: string;
            /**
             * @description `messages`: what arrives at the messages URL. `events`: what arrives at the events URL
             * @enum {string}
             */
            source: "messages" | "events" | "both";
            /** @description What is passed on; absent: everything of the source */
            match: {
                /** @description Only messages of these types (MsgType) */
                msg_types?: string[];
                /** @description Only events of these names (Event) */
                events?: string[];
                /** @description Only pushes of these types (InfoType) */
                info_types?: string[];
                /** @description Only for these accounts */
                authorizer_appids?: string[];
            };
            /**
             * @description `notify`: WeChat gets `success` at once, the backend gets the message soon. `reply`: the backend answers WeChat. `raw`: query and encrypted body are passed on as they came, and so is the answer
             * @enum {string}
             */
            mode: "notify" | "reply" | "raw";
            /** @description Time limit of the backend in milliseconds. WeChat asks three times and waits 5 seconds each time */
            deadline_ms: number;
            /** @description Whether the relay is enabled */
            enabled: boolean;
            /** @description Messages that have not been delivered yet */
            waiting: number;
            /**
             * Format: date-time
             * @description When it was created (ISO 8601, UTC, milliseconds)
             */
            created_at: string;
            /** @description The signing secret. Shown once, when the relay is created */
            secret: string | null;
        };
        /** @description One pass over the mini programs of a platform */
        Sweep: {
            /** @description Id of the sweep */
            id: string;
            /**
             * @description State of the sweep
             * @enum {string}
             */
            state: "running" | "done" | "failed";
            /** @description Why it failed. `overtaken`: not finished when its mini programs were due again, by the next round. `clock_was_wrong`: the clock of the database was ahead when the round was opened. Null unless failed */
            reason: ("overtaken" | "clock_was_wrong") | null;
            /** @description Total mini programs; an estimate while the sweep runs */
            total: number;
            /** @description Mini programs with a new snapshot */
            changed: number;
            /** @description Mini programs without change */
            unchanged: number;
            /** @description Skipped, because permission set 18 is not granted */
            skipped_permission: number;
            /** @description Mini programs that could not be read */
            failed: number;
            /**
             * Format: date-time
             * @description Start (ISO 8601, UTC, milliseconds)
             */
            started_at: string;
            finished_at: string | null;
        };
        SweepPage: {
            /** @description Sweeps, newest first */
            items: components["schemas"]["Sweep"][];
            /** @description Cursor of the next page; null on the last page */
            next_cursor: string | null;
        };
        /** @description Why nothing is known */
        UnknownReason: {
            /**
             * @description `never_observed`: no observation until then. `permission_set_missing`: permission set 18 is not granted. `unauthorized` and `reauthorization_required`: the authorization has ended or its token is lost. `unreadable`: WeChat answered in a form that cannot be read. `failing`: calls fail. `clock_was_wrong`: the observations since had a wrong time. `evidence_too_old`: the latest observation is older than the `max_age` of the query
             * @enum {string}
             */
            code: "never_observed" | "permission_set_missing" | "unauthorized" | "reauthorization_required" | "unreadable" | "failing" | "clock_was_wrong" | "evidence_too_old";
            since: string | null;
        };
        /** @description A console user */
        User: {
            /** @description User name */
            username: string;
            /**
             * @description `viewer`: read access to one platform. `admin`: full access to one platform. `operator`: full access to the installation
             * @enum {string}
             */
            role: "viewer" | "admin" | "operator";
            /** @description Platform; null for operators */
            component_appid: string | null;
            /**
             * Format: date-time
             * @description When the user was created (ISO 8601, UTC, milliseconds)
             */
            created_at: string;
            /** @description Who created the user */
            created_by: string;
            disabled_at: string | null;
            expires_at: string | null;
            last_login_at: string | null;
        };
        UserPage: {
            /** @description Users, by name */
            items: components["schemas"]["User"][];
            /** @description Cursor of the next page; null on the last page */
            next_cursor: string | null;
        };
        /** @description Fields to change. Every change ends the user's sessions */
        UserPatch: {
            /**
             * @description `viewer`: read access to one platform. `admin`: full access to one platform. `operator`: full access to the installation
             * @enum {string}
             */
            role?: "viewer" | "admin" | "operator";
            /** @description Password, 12 to 256 characters. Never returned */
            password?: string;
            expires_at?: string | null;
            /** @description Whether the user is disabled */
            disabled?: boolean;
        };
        /** @description A receiver of events */
        WebhookEndpoint: {
            /** @description Id of the endpoint */
            id: string;
            /** @description Where events are sent */
            url: string;
            /** @description What it is for */
            description: string | null;
            /** @description Types of events; null: all */
            event_types: string[] | null;
            /** @description Merchants; null: all */
            merchant_ids: string[] | null;
            /**
             * @description `per_authorizer`: the next event of an account waits while an earlier one is being retried. `none`: no event waits
             * @enum {string}
             */
            ordering: "per_authorizer" | "none";
            /**
             * @description `standard`: Standard Webhooks. Otherwise a group robot, which gets a digest: one message a minute and type at most
             * @enum {string}
             */
            format: "standard" | "wecom" | "dingtalk" | "feishu";
            /**
             * @description `v1`: HMAC-SHA256 with a shared secret. `v1a`: ed25519
             * @enum {string}
             */
            signature: "v1" | "v1a";
            /** @description Key that signatures are verified with, for `v1a` */
            public_key: string | null;
            /** @description Maximum number of requests per second; null: no limit */
            max_per_second: number | null;
            /**
             * @description Whether events are sent
             * @enum {string}
             */
            state: "enabled" | "disabled";
            disabled_at: string | null;
            /** @description `gone`: the receiver answered 410. `failing`: five days without a success. `request`: disabled by a request */
            disabled_reason: ("gone" | "failing" | "request") | null;
            failing_since: string | null;
            /** @description Failed attempts since the last success */
            failures: number;
            succeeded_at: string | null;
            previous_valid_until: string | null;
            /** @description Deliveries have been created up to this event */
            last_event_id: string;
            /** @description Deliveries that wait or are being retried */
            waiting: number;
            /**
             * Format: date-time
             * @description When it was created (ISO 8601, UTC, milliseconds)
             */
            created_at: string;
        };
        WebhookEndpointPage: {
            /** @description Endpoints, oldest first */
            items: components["schemas"]["WebhookEndpoint"][];
            /** @description Cursor of the next page; null on the last page */
            next_cursor: string | null;
        };
        /** @description A new secret; the previous one also signs until `previous_valid_until` */
        WebhookSecretRotation: {
            /** @description The new signing secret. Shown once; null for `v1a` */
            secret: string | null;
            /** @description The new public key, for `v1a` */
            public_key: string | null;
            /**
             * Format: date-time
             * @description When the previous secret stops signing (ISO 8601, UTC, milliseconds)
             */
            previous_valid_until: string;
        };
        /** @description Result of a test */
        WebhookTest: {
            /** @description HTTP status; null: no answer */
            status: number | null;
            /** @description Why there was no answer */
            error: ("refused_address" | "timeout" | "tls" | "connection") | null;
            /** @description Description of the error */
            detail: string | null;
            /** @description How long it took */
            duration_ms: number;
            /** @description Address that was connected to */
            address: string | null;
            /** @description The first 1,000 bytes of the answer */
            response_excerpt: string | null;
            /** @description Whether the receiver accepted it */
            delivered: boolean;
            certificate_expires_at: string | null;
        };
        /** @description WeChat's reply that caused this */
        WechatFailure: {
            /** @description WeChat's errcode */
            errcode: number;
            /** @description WeChat's errmsg, unchanged */
            errmsg: string;
            /** @description WeChat's request id; quote it to WeChat support */
            rid?: string | null;
        };
        /** @description A fetched list that was not published at once */
        WechatIpCandidate: {
            /** @description Id of the candidate */
            id: string;
            /**
             * @description `api-domain`: addresses of WeChat's API servers (get_api_domain_ip). `callback`: addresses that pushes are sent from (getcallbackip)
             * @enum {string}
             */
            kind: "api-domain" | "callback";
            /**
             * @description `empty`: no address. `incomplete`: entries that could not be read. `shrunk`: more than half of the published list is gone
             * @enum {string}
             */
            reason: "empty" | "incomplete" | "shrunk";
            /**
             * @description `held`: waiting. `published`: confirmed, or three fetches agreed. `withdrawn`: WeChat returned a different list
             * @enum {string}
             */
            state: "held" | "published" | "withdrawn";
            /**
             * Format: date-time
             * @description When it was fetched first (ISO 8601, UTC, milliseconds)
             */
            first_observed_at: string;
            /**
             * Format: date-time
             * @description When it was fetched last (ISO 8601, UTC, milliseconds)
             */
            last_observed_at: string;
            /** @description Fetches in a row that gave it */
            observations: number;
            decided_at: string | null;
            /** @description Who confirmed it, or `agreement`; null while it is held or withdrawn */
            decided_by: string | null;
            /** @description Addresses and CIDR ranges that could be read */
            ip_list: string[];
            /** @description Entries that could not be read, as they came */
            unreadable: string[];
            /** @description Entries that the list published at that time did not have */
            added: string[];
            /** @description Entries of the list published at that time that this one does not cover */
            removed: string[];
        };
        WechatIpCandidatePage: {
            /** @description Candidates, newest first */
            items: components["schemas"]["WechatIpCandidate"][];
            /** @description Cursor of the next page; null on the last page */
            next_cursor: string | null;
        };
        /** @description What changed between two moments */
        WechatIpDiff: {
            /**
             * @description `api-domain`: addresses of WeChat's API servers (get_api_domain_ip). `callback`: addresses that pushes are sent from (getcallbackip)
             * @enum {string}
             */
            kind: "api-domain" | "callback";
            /**
             * Format: date-time
             * @description The earlier moment (ISO 8601, UTC, milliseconds)
             */
            from: string;
            to: string | null;
            /** @description Token of the list at the earlier moment */
            from_sync_token: string;
            /** @description Token of the list at the later moment */
            to_sync_token: string;
            /** @description Entries that are in the later list only */
            added: string[];
            /** @description Entries that are in the earlier list only */
            removed: string[];
        };
        /** @description A period in which an address was in the list without a break */
        WechatIpLifetime: {
            /** @description Address or CIDR range as listed */
            address: string;
            /**
             * Format: date-time
             * @description First list that has it (ISO 8601, UTC, milliseconds)
             */
            first_observed_at: string;
            /**
             * Format: date-time
             * @description Last observation with it (ISO 8601, UTC, milliseconds)
             */
            last_observed_at: string;
            ended_at: string | null;
            /** @description Whether the latest list has it */
            present: boolean;
        };
        WechatIpLifetimePage: {
            /** @description Lifetimes, by address */
            items: components["schemas"]["WechatIpLifetime"][];
            /** @description Cursor of the next page; null on the last page */
            next_cursor: string | null;
        };
        /** @description A list of addresses over a period without change */
        WechatIpSnapshot: {
            /** @description Id of the snapshot */
            id: string;
            /**
             * @description `api-domain`: addresses of WeChat's API servers (get_api_domain_ip). `callback`: addresses that pushes are sent from (getcallbackip)
             * @enum {string}
             */
            kind: "api-domain" | "callback";
            /**
             * Format: date-time
             * @description First observation of this list (ISO 8601, UTC, milliseconds)
             */
            first_observed_at: string;
            /**
             * Format: date-time
             * @description Latest observation of this list (ISO 8601, UTC, milliseconds)
             */
            last_observed_at: string;
            /** @description Number of consecutive observations without change */
            observations: number;
            /** @description Changes exactly when the list changes */
            sync_token: string;
            /** @description Addresses and CIDR ranges, without duplicates */
            ip_list: string[];
            /** @description Added since the previous snapshot */
            added: string[];
            /** @description Removed since the previous snapshot */
            removed: string[];
        };
        WechatIpSnapshotPage: {
            /** @description Snapshots, newest first */
            items: components["schemas"]["WechatIpSnapshot"][];
            /** @description Cursor of the next page; null on the last page */
            next_cursor: string | null;
        };
        /** @description WeChat's addresses of one kind */
        WechatIps: {
            /**
             * @description `api-domain`: addresses of WeChat's API servers (get_api_domain_ip). `callback`: addresses that pushes are sent from (getcallbackip)
             * @enum {string}
             */
            kind: "api-domain" | "callback";
            /**
             * Format: date-time
             * @description Latest observation of this list (ISO 8601, UTC, milliseconds)
             */
            observed_at: string;
            /** @description True if the latest observation is older than two fetch intervals */
            stale: boolean;
            /** @description Whether WeChat's latest answer has entries that could not be read */
            incomplete: boolean;
            /** @description Changes exactly when the list changes */
            sync_token: string;
            /** @description Addresses and CIDR ranges, without duplicates */
            ip_list: string[];
            /** @description A newer list that waits for confirmation, and why; null: none */
            held: {
                /** @description Id of the candidate */
                id: string;
                /**
                 * @description `empty`: no address. `incomplete`: entries that could not be read. `shrunk`: more than half of the published list is gone
                 * @enum {string}
                 */
                reason: "empty" | "incomplete" | "shrunk";
                /**
                 * Format: date-time
                 * @description When it was fetched first (ISO 8601, UTC, milliseconds)
                 */
                since: string;
            } | null;
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
    listPlatforms: {
        parameters: {
            query?: {
                /** @description Maximum number of items per page */
                limit?: number;
                /** @description `next_cursor` of the previous page; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "component_appid": "wx0a1b2c3d4e5f6071",
                     *           "name": "Example",
                     *           "events_url": "https://wx.example.com/wechat/wx0a1b2c3d4e5f6071/events",
                     *           "messages_url": "https://wx.example.com/wechat/wx0a1b2c3d4e5f6071/messages/$APPID$",
                     *           "redirect_url": "https://wx.example.com/wechat/wx0a1b2c3d4e5f6071/authorized",
                     *           "ticket_received_at": "2026-03-01T08:00:00.000Z",
                     *           "ticket_expires_at": "2026-03-01T08:00:00.000Z",
                     *           "component_access_token_expires_at": "2026-03-01T08:00:00.000Z",
                     *           "state": "awaiting_ticket",
                     *           "created_at": "2026-03-01T08:00:00.000Z",
                     *           "previous_push_secrets": {
                     *             "valid_until": "2026-03-01T08:00:00.000Z",
                     *             "pushes_opened": 3,
                     *             "last_used_at": "2026-03-01T08:00:00.000Z"
                     *           }
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["PlatformPage"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createPlatform: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your choice, a new one for each thing to create. A repetition with the same key and the same request within 24 hours creates nothing and gets the first response, with the header `Idempotent-Replayed: true`. Failed requests are not remembered. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description A third-party platform to register */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "component_appid": "wx0a1b2c3d4e5f6071",
                 *       "component_appsecret": "example0example1example2example3",
                 *       "token": "example-token",
                 *       "encoding_aes_key": "ExampleExampleExampleExampleExampleExample1",
                 *       "name": "Example"
                 *     }
                 */
                "application/json": components["schemas"]["NewPlatform"];
            };
        };
        responses: {
            /** @description The platform */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "component_appid": "wx0a1b2c3d4e5f6071",
                     *       "name": "Example",
                     *       "events_url": "https://wx.example.com/wechat/wx0a1b2c3d4e5f6071/events",
                     *       "messages_url": "https://wx.example.com/wechat/wx0a1b2c3d4e5f6071/messages/$APPID$",
                     *       "redirect_url": "https://wx.example.com/wechat/wx0a1b2c3d4e5f6071/authorized",
                     *       "ticket_received_at": "2026-03-01T08:00:00.000Z",
                     *       "ticket_expires_at": "2026-03-01T08:00:00.000Z",
                     *       "component_access_token_expires_at": "2026-03-01T08:00:00.000Z",
                     *       "state": "awaiting_ticket",
                     *       "created_at": "2026-03-01T08:00:00.000Z",
                     *       "previous_push_secrets": {
                     *         "valid_until": "2026-03-01T08:00:00.000Z",
                     *         "pushes_opened": 3,
                     *         "last_used_at": "2026-03-01T08:00:00.000Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Platform"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_key_in_use`: The first request with this Idempotency-Key is still running */
            409: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPlatform: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The platform */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "component_appid": "wx0a1b2c3d4e5f6071",
                     *       "name": "Example",
                     *       "events_url": "https://wx.example.com/wechat/wx0a1b2c3d4e5f6071/events",
                     *       "messages_url": "https://wx.example.com/wechat/wx0a1b2c3d4e5f6071/messages/$APPID$",
                     *       "redirect_url": "https://wx.example.com/wechat/wx0a1b2c3d4e5f6071/authorized",
                     *       "ticket_received_at": "2026-03-01T08:00:00.000Z",
                     *       "ticket_expires_at": "2026-03-01T08:00:00.000Z",
                     *       "component_access_token_expires_at": "2026-03-01T08:00:00.000Z",
                     *       "state": "awaiting_ticket",
                     *       "created_at": "2026-03-01T08:00:00.000Z",
                     *       "previous_push_secrets": {
                     *         "valid_until": "2026-03-01T08:00:00.000Z",
                     *         "pushes_opened": 3,
                     *         "last_used_at": "2026-03-01T08:00:00.000Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Platform"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removePlatform: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        /** @description What to remove */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "confirm": "wx0a1b2c3d4e5f6071",
                 *       "dry_run": false
                 *     }
                 */
                "application/json": components["schemas"]["PlatformRemovalRequest"];
            };
        };
        responses: {
            /** @description A dry run: what would be removed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "component_appid": "wx0a1b2c3d4e5f6071",
                     *       "rows": {}
                     *     }
                     */
                    "application/json": components["schemas"]["PlatformRemovalCounts"];
                };
            };
            /** @description The removal has begun */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "x1y2z3",
                     *       "component_appid": "wx0a1b2c3d4e5f6071",
                     *       "state": "running",
                     *       "total": 3,
                     *       "removed": 3,
                     *       "current": null,
                     *       "started_at": "2026-03-01T08:00:00.000Z",
                     *       "finished_at": "2026-03-01T08:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["PlatformRemoval"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updatePlatform: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        /** @description Fields to change. After a change of token or key, the previous pair stays valid for incoming pushes for 24 hours */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Example",
                 *       "component_appsecret": "example0example1example2example3",
                 *       "token": "example-token",
                 *       "encoding_aes_key": "ExampleExampleExampleExampleExampleExample1",
                 *       "end_previous_push_secrets": true
                 *     }
                 */
                "application/json": components["schemas"]["PlatformPatch"];
            };
        };
        responses: {
            /** @description The platform */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "component_appid": "wx0a1b2c3d4e5f6071",
                     *       "name": "Example",
                     *       "events_url": "https://wx.example.com/wechat/wx0a1b2c3d4e5f6071/events",
                     *       "messages_url": "https://wx.example.com/wechat/wx0a1b2c3d4e5f6071/messages/$APPID$",
                     *       "redirect_url": "https://wx.example.com/wechat/wx0a1b2c3d4e5f6071/authorized",
                     *       "ticket_received_at": "2026-03-01T08:00:00.000Z",
                     *       "ticket_expires_at": "2026-03-01T08:00:00.000Z",
                     *       "component_access_token_expires_at": "2026-03-01T08:00:00.000Z",
                     *       "state": "awaiting_ticket",
                     *       "created_at": "2026-03-01T08:00:00.000Z",
                     *       "previous_push_secrets": {
                     *         "valid_until": "2026-03-01T08:00:00.000Z",
                     *         "pushes_opened": 3,
                     *         "last_used_at": "2026-03-01T08:00:00.000Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Platform"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPlatformRemoval: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the removal
                 * @example x1y2z3
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The removal */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "x1y2z3",
                     *       "component_appid": "wx0a1b2c3d4e5f6071",
                     *       "state": "running",
                     *       "total": 3,
                     *       "removed": 3,
                     *       "current": null,
                     *       "started_at": "2026-03-01T08:00:00.000Z",
                     *       "finished_at": "2026-03-01T08:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["PlatformRemoval"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listMerchants: {
        parameters: {
            query?: {
                /** @description Maximum number of items per page */
                limit?: number;
                /** @description `next_cursor` of the previous page; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "merchant_id": "shop-42",
                     *           "name": "Example",
                     *           "created_at": "2026-03-01T08:00:00.000Z",
                     *           "updated_at": "2026-03-01T08:00:00.000Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["MerchantPage"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createMerchant: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your choice, a new one for each thing to create. A repetition with the same key and the same request within 24 hours creates nothing and gets the first response, with the header `Idempotent-Replayed: true`. Failed requests are not remembered. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        /** @description A merchant of the platform */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "merchant_id": "shop-42",
                 *       "name": "Example"
                 *     }
                 */
                "application/json": components["schemas"]["NewMerchant"];
            };
        };
        responses: {
            /** @description A merchant with this id and this name already exists */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "merchant_id": "shop-42",
                     *       "name": "Example",
                     *       "created_at": "2026-03-01T08:00:00.000Z",
                     *       "updated_at": "2026-03-01T08:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Merchant"];
                };
            };
            /** @description The merchant */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "merchant_id": "shop-42",
                     *       "name": "Example",
                     *       "created_at": "2026-03-01T08:00:00.000Z",
                     *       "updated_at": "2026-03-01T08:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Merchant"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_key_in_use`: The first request with this Idempotency-Key is still running. `conflict`: The request conflicts with the current state */
            409: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMerchant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description merchant_id: the provider's own id of the merchant
                 * @example shop-42
                 */
                merchant_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The merchant */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "merchant_id": "shop-42",
                     *       "name": "Example",
                     *       "created_at": "2026-03-01T08:00:00.000Z",
                     *       "updated_at": "2026-03-01T08:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Merchant"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeMerchant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description merchant_id: the provider's own id of the merchant
                 * @example shop-42
                 */
                merchant_id: string;
            };
            cookie?: never;
        };
        /** @description Confirms the removal of a merchant */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "confirm": "wx0a1b2c3d4e5f6071"
                 *     }
                 */
                "application/json": components["schemas"]["MerchantRemoval"];
            };
        };
        responses: {
            /** @description The merchant is removed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "merchant_id": "shop-42",
                     *       "unassigned": [
                     *         "example"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["RemovedMerchant"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateMerchant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description merchant_id: the provider's own id of the merchant
                 * @example shop-42
                 */
                merchant_id: string;
            };
            cookie?: never;
        };
        /** @description The new name of the merchant */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Example"
                 *     }
                 */
                "application/json": components["schemas"]["MerchantPatch"];
            };
        };
        responses: {
            /** @description The merchant */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "merchant_id": "shop-42",
                     *       "name": "Example",
                     *       "created_at": "2026-03-01T08:00:00.000Z",
                     *       "updated_at": "2026-03-01T08:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Merchant"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAuthorizationLinks: {
        parameters: {
            query?: {
                /** @description Only links of this merchant */
                merchant_id?: string;
                /** @description Only links in this state */
                state?: "open" | "used" | "expired" | "revoked";
                /** @description Maximum number of items per page */
                limit?: number;
                /** @description `next_cursor` of the previous page; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "x1y2z3",
                     *           "url": "https://backend.example.com/wxfleet/hook",
                     *           "merchant_id": "shop-42",
                     *           "state": "open",
                     *           "page": "pc",
                     *           "auth_type": 3,
                     *           "authorizer_appid": "wxa1b2c3d4e5f60718",
                     *           "permission_sets": [
                     *             17,
                     *             18
                     *           ],
                     *           "return_url": null,
                     *           "created_at": "2026-03-01T08:00:00.000Z",
                     *           "expires_at": "2026-03-01T08:00:00.000Z",
                     *           "revoked_at": "2026-03-01T08:00:00.000Z",
                     *           "used_at": "2026-03-01T08:00:00.000Z",
                     *           "openings": 3,
                     *           "last_opened_at": "2026-03-01T08:00:00.000Z",
                     *           "pre_auth_code_expires_at": "2026-03-01T08:00:00.000Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["AuthorizationLinkPage"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createAuthorizationLink: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your choice, a new one for each thing to create. A repetition with the same key and the same request within 24 hours creates nothing and gets the first response, with the header `Idempotent-Replayed: true`. Failed requests are not remembered. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        /** @description A link for a merchant to authorize the platform */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "merchant_id": "shop-42",
                 *       "page": "pc",
                 *       "auth_type": 1,
                 *       "authorizer_appid": "wxa1b2c3d4e5f60718",
                 *       "permission_sets": [
                 *         17,
                 *         18
                 *       ],
                 *       "return_url": "https://backend.example.com/authorized",
                 *       "expires_in": "P7D"
                 *     }
                 */
                "application/json": components["schemas"]["NewAuthorizationLink"];
            };
        };
        responses: {
            /** @description The link */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "x1y2z3",
                     *       "url": "https://backend.example.com/wxfleet/hook",
                     *       "merchant_id": "shop-42",
                     *       "state": "open",
                     *       "page": "pc",
                     *       "auth_type": 3,
                     *       "authorizer_appid": "wxa1b2c3d4e5f60718",
                     *       "permission_sets": [
                     *         17,
                     *         18
                     *       ],
                     *       "return_url": null,
                     *       "created_at": "2026-03-01T08:00:00.000Z",
                     *       "expires_at": "2026-03-01T08:00:00.000Z",
                     *       "revoked_at": "2026-03-01T08:00:00.000Z",
                     *       "used_at": "2026-03-01T08:00:00.000Z",
                     *       "openings": 3,
                     *       "last_opened_at": "2026-03-01T08:00:00.000Z",
                     *       "pre_auth_code_expires_at": "2026-03-01T08:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["AuthorizationLink"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_key_in_use`: The first request with this Idempotency-Key is still running */
            409: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAuthorizationLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description Id of the link
                 * @example x1y2z3
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The link */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "x1y2z3",
                     *       "url": "https://backend.example.com/wxfleet/hook",
                     *       "merchant_id": "shop-42",
                     *       "state": "open",
                     *       "page": "pc",
                     *       "auth_type": 3,
                     *       "authorizer_appid": "wxa1b2c3d4e5f60718",
                     *       "permission_sets": [
                     *         17,
                     *         18
                     *       ],
                     *       "return_url": null,
                     *       "created_at": "2026-03-01T08:00:00.000Z",
                     *       "expires_at": "2026-03-01T08:00:00.000Z",
                     *       "revoked_at": "2026-03-01T08:00:00.000Z",
                     *       "used_at": "2026-03-01T08:00:00.000Z",
                     *       "openings": 3,
                     *       "last_opened_at": "2026-03-01T08:00:00.000Z",
                     *       "pre_auth_code_expires_at": "2026-03-01T08:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["AuthorizationLink"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeAuthorizationLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description Id of the link
                 * @example x1y2z3
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The revoked link */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "x1y2z3",
                     *       "url": "https://backend.example.com/wxfleet/hook",
                     *       "merchant_id": "shop-42",
                     *       "state": "open",
                     *       "page": "pc",
                     *       "auth_type": 3,
                     *       "authorizer_appid": "wxa1b2c3d4e5f60718",
                     *       "permission_sets": [
                     *         17,
                     *         18
                     *       ],
                     *       "return_url": null,
                     *       "created_at": "2026-03-01T08:00:00.000Z",
                     *       "expires_at": "2026-03-01T08:00:00.000Z",
                     *       "revoked_at": "2026-03-01T08:00:00.000Z",
                     *       "used_at": "2026-03-01T08:00:00.000Z",
                     *       "openings": 3,
                     *       "last_opened_at": "2026-03-01T08:00:00.000Z",
                     *       "pre_auth_code_expires_at": "2026-03-01T08:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["AuthorizationLink"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listApiKeys: {
        parameters: {
            query?: {
                /** @description Maximum number of items per page */
                limit?: number;
                /** @description `next_cursor` of the previous page; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "x1y2z3",
                     *           "name": "Example",
                     *           "prefix": "example",
                     *           "scopes": [
                     *             "platforms:write"
                     *           ],
                     *           "merchant_ids": [
                     *             "shop-42"
                     *           ],
                     *           "created_at": "2026-03-01T08:00:00.000Z",
                     *           "created_by": "example",
                     *           "expires_at": "2026-03-01T08:00:00.000Z",
                     *           "revoked_at": "2026-03-01T08:00:00.000Z",
                     *           "last_used_at": "2026-03-01T08:00:00.000Z",
                     *           "last_used_address": null,
                     *           "networks": [
                     *             "203.0.113.0/24"
                     *           ],
                     *           "replaced_by": null
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["ApiKeyPage"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createApiKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your choice, a new one for each thing to create. A repetition with the same key and the same request within 24 hours creates nothing and gets the first response, with the header `Idempotent-Replayed: true`. Failed requests are not remembered. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        /** @description A new API key */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Example",
                 *       "scopes": [
                 *         "platforms:write"
                 *       ],
                 *       "merchant_ids": [
                 *         "shop-42"
                 *       ],
                 *       "expires_at": "2026-03-01T08:00:00.000Z",
                 *       "networks": [
                 *         "203.0.113.0/24"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["NewApiKey"];
            };
        };
        responses: {
            /** @description The key; shown only in this response */
            201: {
                headers: {
                    /** @description always `no-store` */
                    "Cache-Control"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "x1y2z3",
                     *       "name": "Example",
                     *       "prefix": "example",
                     *       "scopes": [
                     *         "platforms:write"
                     *       ],
                     *       "merchant_ids": [
                     *         "shop-42"
                     *       ],
                     *       "created_at": "2026-03-01T08:00:00.000Z",
                     *       "created_by": "example",
                     *       "expires_at": "2026-03-01T08:00:00.000Z",
                     *       "revoked_at": "2026-03-01T08:00:00.000Z",
                     *       "last_used_at": "2026-03-01T08:00:00.000Z",
                     *       "last_used_address": null,
                     *       "networks": [
                     *         "203.0.113.0/24"
                     *       ],
                     *       "replaced_by": null,
                     *       "key": null
                     *     }
                     */
                    "application/json": components["schemas"]["CreatedApiKey"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_key_in_use`: The first request with this Idempotency-Key is still running */
            409: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeApiKey: {
        parameters: {
            query?: {
                /** @description `revoke`: also revokes the keys and disables the users that this key created, and those that they created */
                made?: "keep" | "revoke";
            };
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description Id of the key
                 * @example x1y2z3
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoked */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateApiKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your choice, a new one for each thing to create. A repetition with the same key and the same request within 24 hours creates nothing and gets the first response, with the header `Idempotent-Replayed: true`. Failed requests are not remembered. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description Id of the key to replace
                 * @example x1y2z3
                 */
                id: string;
            };
            cookie?: never;
        };
        /** @description Options of a key rotation */
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "overlap_seconds": 86400
                 *     }
                 */
                "application/json": components["schemas"]["KeyRotation"];
            };
        };
        responses: {
            /** @description The new key; shown only in this response */
            201: {
                headers: {
                    /** @description always `no-store` */
                    "Cache-Control"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "x1y2z3",
                     *       "name": "Example",
                     *       "prefix": "example",
                     *       "scopes": [
                     *         "platforms:write"
                     *       ],
                     *       "merchant_ids": [
                     *         "shop-42"
                     *       ],
                     *       "created_at": "2026-03-01T08:00:00.000Z",
                     *       "created_by": "example",
                     *       "expires_at": "2026-03-01T08:00:00.000Z",
                     *       "revoked_at": "2026-03-01T08:00:00.000Z",
                     *       "last_used_at": "2026-03-01T08:00:00.000Z",
                     *       "last_used_address": null,
                     *       "networks": [
                     *         "203.0.113.0/24"
                     *       ],
                     *       "replaced_by": null,
                     *       "key": null
                     *     }
                     */
                    "application/json": components["schemas"]["CreatedApiKey"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_key_in_use`: The first request with this Idempotency-Key is still running. `conflict`: The request conflicts with the current state */
            409: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAuditEvents: {
        parameters: {
            query?: {
                /** @description Only events at or after this time (ISO 8601 with offset, for example 2026-01-31T08:00:00.000Z) */
                from?: string;
                /** @description Only events before this time (ISO 8601 with offset, for example 2026-01-31T08:00:00.000Z) */
                to?: string;
                /** @description Only events of this actor, for example api_key:<id> */
                actor?: string;
                /** @description Only this action, for example access_token.issued */
                action?: string;
                /** @description Only events about this subject, for example authorizer:<appid> */
                subject?: string;
                /** @description Maximum number of items per page */
                limit?: number;
                /** @description `next_cursor` of the previous page; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    /** @description Present when a replica of the database answered: the response has everything recorded before this moment (RFC 3339). Absent: the response is complete */
                    "X-Data-As-Of"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "x1y2z3",
                     *           "at": "2026-03-01T08:00:00.000Z",
                     *           "actor": "example",
                     *           "action": "example",
                     *           "subject": null,
                     *           "merchant_id": null,
                     *           "outcome": "example",
                     *           "address": null,
                     *           "count": 3,
                     *           "detail": {}
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["AuditEventPage"];
                    "text/csv": string;
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    checkAuditChain: {
        parameters: {
            query?: {
                /** @description Maximum number of events to check */
                limit?: number;
                /** @description `next_cursor` of the previous page; absent for the first page */
                cursor?: string;
                /** @description Sequence number of a link: `head.seq` of an earlier response */
                expect_seq?: number;
                /** @description Hash of that link: `head.hash` of the same response */
                expect_hash?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "checked": 3,
                     *       "problems": [
                     *         {
                     *           "kind": "altered",
                     *           "seq": 3,
                     *           "until_seq": 3,
                     *           "event_id": null
                     *         }
                     *       ],
                     *       "head": {
                     *         "seq": 3,
                     *         "hash": "example",
                     *         "chained_at": "2026-03-01T08:00:00.000Z"
                     *       },
                     *       "waiting": 3,
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["AuditChain"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAuthorizers: {
        parameters: {
            query?: {
                /** @description Only this state */
                state?: "authorized" | "unauthorized" | "reauthorization_required";
                /** @description Only of this merchant */
                merchant_id?: string;
                /** @description Only those that granted this permission set */
                permission_set?: number;
                /** @description Only those that did not grant this permission set */
                lacks_permission_set?: number;
                /** @description Search text: part of appid, nick name or principal name, case-insensitive */
                q?: string;
                /** @description Only these, separated by commas, 100 at most; not together with `q` */
                authorizer_appids?: string;
                /** @description Maximum number of items per page */
                limit?: number;
                /** @description `next_cursor` of the previous page; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "authorizer_appid": "wxa1b2c3d4e5f60718",
                     *           "component_appid": "wx0a1b2c3d4e5f6071",
                     *           "merchant_id": "shop-42",
                     *           "kind": "mini_program",
                     *           "nick_name": null,
                     *           "principal_name": null,
                     *           "state": "authorized",
                     *           "permission_sets": [
                     *             17,
                     *             18
                     *           ],
                     *           "can_read_domains": true,
                     *           "authorized_at": "2026-03-01T08:00:00.000Z",
                     *           "unauthorized_at": "2026-03-01T08:00:00.000Z",
                     *           "access_token_expires_at": "2026-03-01T08:00:00.000Z",
                     *           "last_snapshot_at": "2026-03-01T08:00:00.000Z",
                     *           "next_snapshot_at": "2026-03-01T08:00:00.000Z",
                     *           "last_failure": {
                     *             "at": "2026-03-01T08:00:00.000Z",
                     *             "code": "example",
                     *             "wechat": {
                     *               "errcode": 3,
                     *               "errmsg": "example",
                     *               "rid": null
                     *             }
                     *           }
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["AuthorizerPage"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAuthorizer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description authorizer_appid: the appid of the merchant's account
                 * @example wxa1b2c3d4e5f60718
                 */
                authorizer_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The authorizer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "authorizer_appid": "wxa1b2c3d4e5f60718",
                     *       "component_appid": "wx0a1b2c3d4e5f6071",
                     *       "merchant_id": "shop-42",
                     *       "kind": "mini_program",
                     *       "nick_name": null,
                     *       "principal_name": null,
                     *       "state": "authorized",
                     *       "permission_sets": [
                     *         17,
                     *         18
                     *       ],
                     *       "can_read_domains": true,
                     *       "authorized_at": "2026-03-01T08:00:00.000Z",
                     *       "unauthorized_at": "2026-03-01T08:00:00.000Z",
                     *       "access_token_expires_at": "2026-03-01T08:00:00.000Z",
                     *       "last_snapshot_at": "2026-03-01T08:00:00.000Z",
                     *       "next_snapshot_at": "2026-03-01T08:00:00.000Z",
                     *       "last_failure": {
                     *         "at": "2026-03-01T08:00:00.000Z",
                     *         "code": "example",
                     *         "wechat": {
                     *           "errcode": 3,
                     *           "errmsg": "example",
                     *           "rid": null
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Authorizer"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateAuthorizer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description authorizer_appid: the appid of the merchant's account
                 * @example wxa1b2c3d4e5f60718
                 */
                authorizer_appid: string;
            };
            cookie?: never;
        };
        /** @description Assigns the authorizer to a merchant */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "merchant_id": "shop-42"
                 *     }
                 */
                "application/json": components["schemas"]["AuthorizerPatch"];
            };
        };
        responses: {
            /** @description The authorizer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "authorizer_appid": "wxa1b2c3d4e5f60718",
                     *       "component_appid": "wx0a1b2c3d4e5f6071",
                     *       "merchant_id": "shop-42",
                     *       "kind": "mini_program",
                     *       "nick_name": null,
                     *       "principal_name": null,
                     *       "state": "authorized",
                     *       "permission_sets": [
                     *         17,
                     *         18
                     *       ],
                     *       "can_read_domains": true,
                     *       "authorized_at": "2026-03-01T08:00:00.000Z",
                     *       "unauthorized_at": "2026-03-01T08:00:00.000Z",
                     *       "access_token_expires_at": "2026-03-01T08:00:00.000Z",
                     *       "last_snapshot_at": "2026-03-01T08:00:00.000Z",
                     *       "next_snapshot_at": "2026-03-01T08:00:00.000Z",
                     *       "last_failure": {
                     *         "at": "2026-03-01T08:00:00.000Z",
                     *         "code": "example",
                     *         "wechat": {
                     *           "errcode": 3,
                     *           "errmsg": "example",
                     *           "rid": null
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Authorizer"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listGrants: {
        parameters: {
            query?: {
                /** @description Maximum number of items per page */
                limit?: number;
                /** @description `next_cursor` of the previous page; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description authorizer_appid: the appid of the merchant's account
                 * @example wxa1b2c3d4e5f60718
                 */
                authorizer_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "at": "2026-03-01T08:00:00.000Z",
                     *           "state": "authorized",
                     *           "permission_sets": [
                     *             17,
                     *             18
                     *           ],
                     *           "gained": [
                     *             3
                     *           ],
                     *           "lost": [
                     *             3
                     *           ],
                     *           "can_read_domains": true
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["GrantPage"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    eraseAuthorizer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description authorizer_appid: the appid of the merchant's account
                 * @example wxa1b2c3d4e5f60718
                 */
                authorizer_appid: string;
            };
            cookie?: never;
        };
        /** @description What to erase of an account */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "confirm": "wx0a1b2c3d4e5f6071",
                 *       "keep_history": true
                 *     }
                 */
                "application/json": components["schemas"]["NewErasure"];
            };
        };
        responses: {
            /** @description Erased */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "authorizer_appid": "wxa1b2c3d4e5f60718",
                     *       "keep_history": true,
                     *       "rows": {}
                     *     }
                     */
                    "application/json": components["schemas"]["AccountErasure"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: The request conflicts with the current state */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    issueAccessToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description authorizer_appid: the appid of the merchant's account
                 * @example wxa1b2c3d4e5f60718
                 */
                authorizer_appid: string;
            };
            cookie?: never;
        };
        /** @description Optional; may be empty */
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "rejected_access_token": "example"
                 *     }
                 */
                "application/json": components["schemas"]["AccessTokenRequest"];
            };
        };
        responses: {
            /** @description The token */
            200: {
                headers: {
                    /** @description always `no-store` */
                    "Cache-Control"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "access_token": "80_example",
                     *       "expires_at": "2026-03-01T08:00:00.000Z",
                     *       "expires_in": 3
                     *     }
                     */
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `authorizer_not_authorized`: The merchant has withdrawn the authorization. `reauthorization_required`: WeChat rejects every refresh token: the merchant must authorize again */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_failed`: WeChat rejected the call, or its reply could not be read */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down. `ticket_unavailable`: No valid component_verify_ticket has been received from WeChat. `platform_misconfigured`: WeChat rejects the platform's credentials or IP address. `upstream_busy`: WeChat does not respond, or asks to slow down. `upstream_quota_exhausted`: WeChat's call quota is used up */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    startReconciliation: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your choice, a new one for each thing to create. A repetition with the same key and the same request within 24 hours creates nothing and gets the first response, with the header `Idempotent-Replayed: true`. Failed requests are not remembered. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        /** @description Options of the reconciliation */
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "accept_shrunk_list": true
                 *     }
                 */
                "application/json": components["schemas"]["NewReconciliation"];
            };
        };
        responses: {
            /** @description Started */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "x1y2z3"
                     *     }
                     */
                    "application/json": components["schemas"]["Started"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_key_in_use`: The first request with this Idempotency-Key is still running */
            409: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReconciliation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description Id of the reconciliation
                 * @example x1y2z3
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The reconciliation */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "x1y2z3",
                     *       "state": "running",
                     *       "reason": null,
                     *       "total": null,
                     *       "listed": 3,
                     *       "created": 3,
                     *       "recovered": 3,
                     *       "unchanged": 3,
                     *       "marked_unauthorized": 3,
                     *       "without_refresh_token": 3,
                     *       "failed": 3,
                     *       "started_at": "2026-03-01T08:00:00.000Z",
                     *       "finished_at": "2026-03-01T08:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Reconciliation"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSnapshots: {
        parameters: {
            query?: {
                /** @description Only snapshots last observed at or after this time (ISO 8601 with offset, for example 2026-01-31T08:00:00.000Z) */
                from?: string;
                /** @description Only snapshots first observed before this time (ISO 8601 with offset, for example 2026-01-31T08:00:00.000Z) */
                to?: string;
                /** @description Maximum number of items per page */
                limit?: number;
                /** @description `next_cursor` of the previous page; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description authorizer_appid: the appid of the merchant's account
                 * @example wxa1b2c3d4e5f60718
                 */
                authorizer_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "x1y2z3",
                     *           "authorizer_appid": "wxa1b2c3d4e5f60718",
                     *           "first_observed_at": "2026-03-01T08:00:00.000Z",
                     *           "last_observed_at": "2026-03-01T08:00:00.000Z",
                     *           "observations": 3,
                     *           "domains": {},
                     *           "unknown_lists": [
                     *             {
                     *               "group": "mp_domain",
                     *               "list": "requestdomain"
                     *             }
                     *           ],
                     *           "changes": [
                     *             {
                     *               "group": "mp_domain",
                     *               "list": "requestdomain",
                     *               "added": [
                     *                 "example"
                     *               ],
                     *               "removed": [
                     *                 "example"
                     *               ]
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["SnapshotPage"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    takeSnapshot: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your choice, a new one for each thing to create. A repetition with the same key and the same request within 24 hours creates nothing and gets the first response, with the header `Idempotent-Replayed: true`. Failed requests are not remembered. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description authorizer_appid: the appid of the merchant's account
                 * @example wxa1b2c3d4e5f60718
                 */
                authorizer_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Unchanged: the latest snapshot, with a later last_observed_at */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "x1y2z3",
                     *       "authorizer_appid": "wxa1b2c3d4e5f60718",
                     *       "first_observed_at": "2026-03-01T08:00:00.000Z",
                     *       "last_observed_at": "2026-03-01T08:00:00.000Z",
                     *       "observations": 3,
                     *       "domains": {},
                     *       "unknown_lists": [
                     *         {
                     *           "group": "mp_domain",
                     *           "list": "requestdomain"
                     *         }
                     *       ],
                     *       "changes": [
                     *         {
                     *           "group": "mp_domain",
                     *           "list": "requestdomain",
                     *           "added": [
                     *             "example"
                     *           ],
                     *           "removed": [
                     *             "example"
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Snapshot"];
                };
            };
            /** @description Changed: a new snapshot */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "x1y2z3",
                     *       "authorizer_appid": "wxa1b2c3d4e5f60718",
                     *       "first_observed_at": "2026-03-01T08:00:00.000Z",
                     *       "last_observed_at": "2026-03-01T08:00:00.000Z",
                     *       "observations": 3,
                     *       "domains": {},
                     *       "unknown_lists": [
                     *         {
                     *           "group": "mp_domain",
                     *           "list": "requestdomain"
                     *         }
                     *       ],
                     *       "changes": [
                     *         {
                     *           "group": "mp_domain",
                     *           "list": "requestdomain",
                     *           "added": [
                     *             "example"
                     *           ],
                     *           "removed": [
                     *             "example"
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Snapshot"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_key_in_use`: The first request with this Idempotency-Key is still running. `permission_set_missing`: The merchant has not granted the required permission set. `authorizer_not_authorized`: The merchant has withdrawn the authorization. `reauthorization_required`: WeChat rejects every refresh token: the merchant must authorize again */
            409: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unreadable`: WeChat answered with success, in a form that cannot be read. `upstream_failed`: WeChat rejected the call, or its reply could not be read */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down. `ticket_unavailable`: No valid component_verify_ticket has been received from WeChat. `platform_misconfigured`: WeChat rejects the platform's credentials or IP address. `upstream_busy`: WeChat does not respond, or asks to slow down. `upstream_quota_exhausted`: WeChat's call quota is used up */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSnapshot: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description Id of the snapshot
                 * @example x1y2z3
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The snapshot */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "x1y2z3",
                     *       "authorizer_appid": "wxa1b2c3d4e5f60718",
                     *       "first_observed_at": "2026-03-01T08:00:00.000Z",
                     *       "last_observed_at": "2026-03-01T08:00:00.000Z",
                     *       "observations": 3,
                     *       "domains": {},
                     *       "unknown_lists": [
                     *         {
                     *           "group": "mp_domain",
                     *           "list": "requestdomain"
                     *         }
                     *       ],
                     *       "changes": [
                     *         {
                     *           "group": "mp_domain",
                     *           "list": "requestdomain",
                     *           "added": [
                     *             "example"
                     *           ],
                     *           "removed": [
                     *             "example"
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Snapshot"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSnapshotRaw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description Id of the snapshot
                 * @example x1y2z3
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description WeChat's reply, byte for byte */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example {} */
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDomainsAt: {
        parameters: {
            query?: {
                /** @description Point in time; absent: now (ISO 8601 with offset, for example 2026-01-31T08:00:00.000Z) */
                at?: string;
            };
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description authorizer_appid: the appid of the merchant's account
                 * @example wxa1b2c3d4e5f60718
                 */
                authorizer_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The domains and their certainty */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "at": "2026-03-01T08:00:00.000Z",
                     *       "certainty": "observed",
                     *       "reason": {
                     *         "code": "never_observed",
                     *         "since": "2026-03-01T08:00:00.000Z"
                     *       },
                     *       "observed_before": "2026-03-01T08:00:00.000Z",
                     *       "observed_after": "2026-03-01T08:00:00.000Z",
                     *       "domains": {},
                     *       "unknown_lists": [
                     *         {
                     *           "group": "mp_domain",
                     *           "list": "requestdomain"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DomainsAt"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    diffDomains: {
        parameters: {
            query: {
                /** @description Earlier point in time (ISO 8601 with offset, for example 2026-01-31T08:00:00.000Z) */
                from: string;
                /** @description Later point in time; absent: now (ISO 8601 with offset, for example 2026-01-31T08:00:00.000Z) */
                to?: string;
            };
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description authorizer_appid: the appid of the merchant's account
                 * @example wxa1b2c3d4e5f60718
                 */
                authorizer_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The difference */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "from": "2026-03-01T08:00:00.000Z",
                     *       "to": "2026-03-01T08:00:00.000Z",
                     *       "changes": [
                     *         {
                     *           "group": "mp_domain",
                     *           "list": "requestdomain",
                     *           "added": [
                     *             "example"
                     *           ],
                     *           "removed": [
                     *             "example"
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DomainDiff"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listLifespans: {
        parameters: {
            query?: {
                /** @description Only this group */
                group?: "mp_domain" | "third_domain" | "direct_domain" | "effective_domain";
                /** @description Only this list */
                list?: "requestdomain" | "wsrequestdomain" | "uploaddomain" | "downloaddomain" | "udpdomain" | "tcpdomain";
                /** @description Only this domain, in any equivalent spelling */
                domain?: string;
                /** @description Maximum number of items per page */
                limit?: number;
                /** @description `next_cursor` of the previous page; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description authorizer_appid: the appid of the merchant's account
                 * @example wxa1b2c3d4e5f60718
                 */
                authorizer_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "group": "mp_domain",
                     *           "list": "requestdomain",
                     *           "domain": "https://api.example.com",
                     *           "first_observed_at": "2026-03-01T08:00:00.000Z",
                     *           "last_observed_at": "2026-03-01T08:00:00.000Z",
                     *           "ended_at": "2026-03-01T08:00:00.000Z",
                     *           "present": true
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["LifespanPage"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listObservations: {
        parameters: {
            query?: {
                /** @description Only snapshots last observed at or after this moment (ISO 8601 with offset, for example 2026-01-31T08:00:00.000Z) */
                from?: string;
                /** @description Only snapshots first observed at or before this moment (ISO 8601 with offset, for example 2026-01-31T08:00:00.000Z) */
                to?: string;
                /** @description Maximum number of items per page */
                limit?: number;
                /** @description `next_cursor` of the previous page; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description authorizer_appid: the appid of the merchant's account
                 * @example wxa1b2c3d4e5f60718
                 */
                authorizer_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "snapshot_id": "example",
                     *           "first_observed_at": "2026-03-01T08:00:00.000Z",
                     *           "last_observed_at": "2026-03-01T08:00:00.000Z",
                     *           "observations": 3,
                     *           "gaps": [
                     *             {
                     *               "from": "2026-03-01T08:00:00.000Z",
                     *               "to": "2026-03-01T08:00:00.000Z",
                     *               "reason": "example"
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "next_cursor": null,
                     *       "unknown": {
                     *         "code": "never_observed",
                     *         "since": "2026-03-01T08:00:00.000Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Observations"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSweeps: {
        parameters: {
            query?: {
                /** @description Maximum number of items per page */
                limit?: number;
                /** @description `next_cursor` of the previous page; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "x1y2z3",
                     *           "state": "running",
                     *           "reason": "overtaken",
                     *           "total": 3,
                     *           "changed": 3,
                     *           "unchanged": 3,
                     *           "skipped_permission": 3,
                     *           "failed": 3,
                     *           "started_at": "2026-03-01T08:00:00.000Z",
                     *           "finished_at": "2026-03-01T08:00:00.000Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["SweepPage"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    startSweep: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your choice, a new one for each thing to create. A repetition with the same key and the same request within 24 hours creates nothing and gets the first response, with the header `Idempotent-Replayed: true`. Failed requests are not remembered. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Started */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "x1y2z3"
                     *     }
                     */
                    "application/json": components["schemas"]["Started"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_key_in_use`: The first request with this Idempotency-Key is still running */
            409: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSweep: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description Id of the sweep
                 * @example x1y2z3
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sweep */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "x1y2z3",
                     *       "state": "running",
                     *       "reason": "overtaken",
                     *       "total": 3,
                     *       "changed": 3,
                     *       "unchanged": 3,
                     *       "skipped_permission": 3,
                     *       "failed": 3,
                     *       "started_at": "2026-03-01T08:00:00.000Z",
                     *       "finished_at": "2026-03-01T08:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Sweep"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDomainCoverage: {
        parameters: {
            query: {
                /** @description A domain as WeChat writes it or in any equivalent spelling; the host alone is sufficient */
                domain: string;
                /** @description Purpose of the domains */
                list: "requestdomain" | "wsrequestdomain" | "uploaddomain" | "downloaddomain" | "udpdomain" | "tcpdomain";
                /** @description Group to look for the domain in */
                group?: "mp_domain" | "third_domain" | "direct_domain" | "effective_domain";
                /** @description Only mini programs with this verdict; the counts still cover all */
                verdict?: "covered" | "pending" | "missing" | "unknown";
                /** @description Maximum number of items per page */
                limit?: number;
                /** @description `next_cursor` of the previous page; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Total counts and one page */
            200: {
                headers: {
                    /** @description Present when a replica of the database answered: the response has everything recorded before this moment (RFC 3339). Absent: the response is complete */
                    "X-Data-As-Of"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "authorizer_appid": "wxa1b2c3d4e5f60718",
                     *           "merchant_id": "shop-42",
                     *           "verdict": "covered",
                     *           "reason": {
                     *             "code": "never_observed",
                     *             "since": "2026-03-01T08:00:00.000Z"
                     *           },
                     *           "observed_at": "2026-03-01T08:00:00.000Z"
                     *         }
                     *       ],
                     *       "next_cursor": null,
                     *       "domain": "https://api.example.com",
                     *       "list": "requestdomain",
                     *       "group": "mp_domain",
                     *       "covered": 3,
                     *       "pending": 3,
                     *       "missing": 3,
                     *       "unknown": 3
                     *     }
                     */
                    "application/json": components["schemas"]["Coverage"];
                    "text/csv": string;
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDomainDrift: {
        parameters: {
            query?: {
                /** @description Maximum number of items per page */
                limit?: number;
                /** @description `next_cursor` of the previous page; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    /** @description Present when a replica of the database answered: the response has everything recorded before this moment (RFC 3339). Absent: the response is complete */
                    "X-Data-As-Of"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "authorizer_appid": "wxa1b2c3d4e5f60718",
                     *           "merchant_id": "shop-42",
                     *           "pending": [
                     *             {
                     *               "list": "requestdomain",
                     *               "domains": [
                     *                 "https://api.example.com"
                     *               ]
                     *             }
                     *           ],
                     *           "effective_only": [
                     *             {
                     *               "list": "requestdomain",
                     *               "domains": [
                     *                 "https://api.example.com"
                     *               ]
                     *             }
                     *           ],
                     *           "since": "2026-03-01T08:00:00.000Z",
                     *           "observed_at": "2026-03-01T08:00:00.000Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["DomainDriftPage"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDomainChanges: {
        parameters: {
            query?: {
                /** @description Only changes observed at or after this time (ISO 8601 with offset, for example 2026-01-31T08:00:00.000Z) */
                from?: string;
                /** @description Only changes observed at or before this time (ISO 8601 with offset, for example 2026-01-31T08:00:00.000Z) */
                to?: string;
                /** @description Only this group */
                group?: "mp_domain" | "third_domain" | "direct_domain" | "effective_domain";
                /** @description Only this list */
                list?: "requestdomain" | "wsrequestdomain" | "uploaddomain" | "downloaddomain" | "udpdomain" | "tcpdomain";
                /** @description Only changes that add or remove this domain, in any equivalent spelling */
                domain?: string;
                /** @description Only mini programs of this merchant */
                merchant_id?: string;
                /** @description Maximum number of items per page */
                limit?: number;
                /** @description `next_cursor` of the previous page; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    /** @description Present when a replica of the database answered: the response has everything recorded before this moment (RFC 3339). Absent: the response is complete */
                    "X-Data-As-Of"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "authorizer_appid": "wxa1b2c3d4e5f60718",
                     *           "merchant_id": "shop-42",
                     *           "snapshot_id": "example",
                     *           "observed_at": "2026-03-01T08:00:00.000Z",
                     *           "group": "mp_domain",
                     *           "list": "requestdomain",
                     *           "added": [
                     *             "example"
                     *           ],
                     *           "removed": [
                     *             "example"
                     *           ]
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["FleetChangePage"];
                    "text/csv": string;
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDomainGauges: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The gauges */
            200: {
                headers: {
                    /** @description Present when a replica of the database answered: the response has everything recorded before this moment (RFC 3339). Absent: the response is complete */
                    "X-Data-As-Of"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "lists": [
                     *         {
                     *           "authorizer_appid": "wxa1b2c3d4e5f60718",
                     *           "merchant_id": "shop-42",
                     *           "group": "mp_domain",
                     *           "list": "requestdomain",
                     *           "count": 3,
                     *           "limit": 3,
                     *           "observed_at": "2026-03-01T08:00:00.000Z"
                     *         }
                     *       ],
                     *       "domains": [
                     *         {
                     *           "domain": "https://api.example.com",
                     *           "count": 3,
                     *           "limit": 3,
                     *           "observed_at": "2026-03-01T08:00:00.000Z"
                     *         }
                     *       ],
                     *       "edits": [
                     *         {
                     *           "authorizer_appid": "wxa1b2c3d4e5f60718",
                     *           "merchant_id": "shop-42",
                     *           "count": 3,
                     *           "limit": 3,
                     *           "lower_bound": true,
                     *           "since": "2026-03-01T08:00:00.000Z",
                     *           "observed_at": "2026-03-01T08:00:00.000Z"
                     *         }
                     *       ],
                     *       "at_risk": [
                     *         {
                     *           "domain": "https://api.example.com",
                     *           "list": "requestdomain",
                     *           "count": 3,
                     *           "limit": null,
                     *           "observed_at": "2026-03-01T08:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DomainGauges"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPlatformOverview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The numbers */
            200: {
                headers: {
                    /** @description Present when a replica of the database answered: the response has everything recorded before this moment (RFC 3339). Absent: the response is complete */
                    "X-Data-As-Of"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "at": "2026-03-01T08:00:00.000Z",
                     *       "mini_programs": {
                     *         "authorized": 3,
                     *         "readable": 3,
                     *         "fresh": 3,
                     *         "unknown": 3,
                     *         "failing": 3
                     *       },
                     *       "fresh_seconds": 3,
                     *       "oldest_evidence": {
                     *         "authorizer_appid": "wxa1b2c3d4e5f60718",
                     *         "observed_at": "2026-03-01T08:00:00.000Z"
                     *       },
                     *       "changes_per_day": [
                     *         {
                     *           "day": "2026-03-01",
                     *           "changes": 3
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["PlatformOverview"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDomainChangeGroups: {
        parameters: {
            query?: {
                /** @description Only changes observed at or after this moment; absent: 7 days before `to` (ISO 8601 with offset, for example 2026-01-31T08:00:00.000Z) */
                from?: string;
                /** @description Only changes observed at or before this moment; absent: now (ISO 8601 with offset, for example 2026-01-31T08:00:00.000Z) */
                to?: string;
                /** @description Only this group */
                group?: "mp_domain" | "third_domain" | "direct_domain" | "effective_domain";
                /** @description Only this list */
                list?: "requestdomain" | "wsrequestdomain" | "uploaddomain" | "downloaddomain" | "udpdomain" | "tcpdomain";
                /** @description Only mini programs of this merchant */
                merchant_id?: string;
                /** @description Maximum number of items per page */
                limit?: number;
                /** @description `next_cursor` of the previous page; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    /** @description Present when a replica of the database answered: the response has everything recorded before this moment (RFC 3339). Absent: the response is complete */
                    "X-Data-As-Of"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "group": "mp_domain",
                     *           "list": "requestdomain",
                     *           "added": [
                     *             "example"
                     *           ],
                     *           "removed": [
                     *             "example"
                     *           ],
                     *           "mini_programs": 3,
                     *           "first_observed_at": "2026-03-01T08:00:00.000Z",
                     *           "last_observed_at": "2026-03-01T08:00:00.000Z",
                     *           "sample_authorizer_appids": [
                     *             "example"
                     *           ]
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["ChangeGroupPage"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDomainSpread: {
        parameters: {
            query: {
                /** @description A domain as WeChat writes it or in any equivalent spelling; the host alone is sufficient */
                domain: string;
                /** @description Purpose of the domains */
                list: "requestdomain" | "wsrequestdomain" | "uploaddomain" | "downloaddomain" | "udpdomain" | "tcpdomain";
                /** @description The group that must have it */
                group?: "mp_domain" | "third_domain" | "direct_domain" | "effective_domain";
                /** @description Start; absent: 30 days before `to` (ISO 8601 with offset, for example 2026-01-31T08:00:00.000Z) */
                from?: string;
                /** @description End; absent: now (ISO 8601 with offset, for example 2026-01-31T08:00:00.000Z) */
                to?: string;
                /** @description Moments at equal distances from `from` to `to`, both included */
                points?: number;
            };
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The points */
            200: {
                headers: {
                    /** @description Present when a replica of the database answered: the response has everything recorded before this moment (RFC 3339). Absent: the response is complete */
                    "X-Data-As-Of"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "domain": "https://api.example.com",
                     *       "list": "requestdomain",
                     *       "group": "mp_domain",
                     *       "points": [
                     *         {
                     *           "at": "2026-03-01T08:00:00.000Z",
                     *           "covered": 3,
                     *           "missing": 3
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DomainSpread"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    assertDomains: {
        parameters: {
            query?: {
                /** @description Maximum number of items per page */
                limit?: number;
                /** @description `next_cursor` of the previous page; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        /** @description Domains that a release needs, and the mini programs to check */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "domains": [
                 *         {
                 *           "list": "requestdomain",
                 *           "domain": "https://api.example.com"
                 *         }
                 *       ],
                 *       "merchant_ids": [
                 *         "shop-42"
                 *       ],
                 *       "max_age": 3,
                 *       "fetch_stale": true
                 *     }
                 */
                "application/json": components["schemas"]["DomainAssertion"];
            };
        };
        responses: {
            /** @description One page of verdicts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "authorizer_appid": "wxa1b2c3d4e5f60718",
                     *           "merchant_id": "shop-42",
                     *           "verdict": "covered",
                     *           "reason": {
                     *             "code": "never_observed",
                     *             "since": "2026-03-01T08:00:00.000Z"
                     *           },
                     *           "observed_at": "2026-03-01T08:00:00.000Z",
                     *           "domains": [
                     *             {
                     *               "list": "requestdomain",
                     *               "domain": "https://api.example.com",
                     *               "verdict": "covered"
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["AssertionPage"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getWechatIps: {
        parameters: {
            query?: {
                /** @description Point in time; absent: now (ISO 8601 with offset, for example 2026-01-31T08:00:00.000Z) */
                at?: string;
                /** @description `text`: one address or network per line. `nftables`: for `nft -f`. `ipset`: for `ipset restore`. `iptables`: for `iptables-restore --noflush`. `nginx`: `allow` lines. `terraform`: lists as locals */
                format?: "json" | "text" | "nftables" | "ipset" | "iptables" | "nginx" | "terraform";
                /** @description `true`: the same addresses in as few networks as possible */
                aggregate?: "true" | "false";
                /** @description Only addresses of this family */
                family?: "all" | "ipv4" | "ipv6";
                /** @description With `format=terraform`: security-group rules of this provider beside the lists */
                rules?: "none" | "aws" | "alicloud" | "tencentcloud";
            };
            header?: {
                /** @description ETag of a previous response */
                "If-None-Match"?: string;
            };
            path: {
                /**
                 * @description `api-domain`: addresses of WeChat's API servers (get_api_domain_ip). `callback`: addresses that pushes are sent from (getcallbackip)
                 * @example api-domain
                 */
                kind: "api-domain" | "callback";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The current list */
            200: {
                headers: {
                    /** @description Changes when the list or its staleness changes */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "kind": "api-domain",
                     *       "observed_at": "2026-03-01T08:00:00.000Z",
                     *       "stale": true,
                     *       "incomplete": true,
                     *       "sync_token": "example",
                     *       "ip_list": [
                     *         "203.0.113.7",
                     *         "198.51.100.0/24"
                     *       ],
                     *       "held": {
                     *         "id": "x1y2z3",
                     *         "reason": "empty",
                     *         "since": "2026-03-01T08:00:00.000Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["WechatIps"];
                };
            };
            /** @description Unchanged since that response */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWechatIpSnapshots: {
        parameters: {
            query?: {
                /** @description Maximum number of items per page */
                limit?: number;
                /** @description `next_cursor` of the previous page; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description `api-domain`: addresses of WeChat's API servers (get_api_domain_ip). `callback`: addresses that pushes are sent from (getcallbackip)
                 * @example api-domain
                 */
                kind: "api-domain" | "callback";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "x1y2z3",
                     *           "kind": "api-domain",
                     *           "first_observed_at": "2026-03-01T08:00:00.000Z",
                     *           "last_observed_at": "2026-03-01T08:00:00.000Z",
                     *           "observations": 3,
                     *           "sync_token": "example",
                     *           "ip_list": [
                     *             "203.0.113.7",
                     *             "198.51.100.0/24"
                     *           ],
                     *           "added": [
                     *             "example"
                     *           ],
                     *           "removed": [
                     *             "example"
                     *           ]
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["WechatIpSnapshotPage"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    takeWechatIpSnapshot: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your choice, a new one for each thing to create. A repetition with the same key and the same request within 24 hours creates nothing and gets the first response, with the header `Idempotent-Replayed: true`. Failed requests are not remembered. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description `api-domain`: addresses of WeChat's API servers (get_api_domain_ip). `callback`: addresses that pushes are sent from (getcallbackip)
                 * @example api-domain
                 */
                kind: "api-domain" | "callback";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Unchanged: the latest snapshot, with a later last_observed_at */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "x1y2z3",
                     *       "kind": "api-domain",
                     *       "first_observed_at": "2026-03-01T08:00:00.000Z",
                     *       "last_observed_at": "2026-03-01T08:00:00.000Z",
                     *       "observations": 3,
                     *       "sync_token": "example",
                     *       "ip_list": [
                     *         "203.0.113.7",
                     *         "198.51.100.0/24"
                     *       ],
                     *       "added": [
                     *         "example"
                     *       ],
                     *       "removed": [
                     *         "example"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["WechatIpSnapshot"];
                };
            };
            /** @description Changed: a new snapshot */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "x1y2z3",
                     *       "kind": "api-domain",
                     *       "first_observed_at": "2026-03-01T08:00:00.000Z",
                     *       "last_observed_at": "2026-03-01T08:00:00.000Z",
                     *       "observations": 3,
                     *       "sync_token": "example",
                     *       "ip_list": [
                     *         "203.0.113.7",
                     *         "198.51.100.0/24"
                     *       ],
                     *       "added": [
                     *         "example"
                     *       ],
                     *       "removed": [
                     *         "example"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["WechatIpSnapshot"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_key_in_use`: The first request with this Idempotency-Key is still running */
            409: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_failed`: WeChat rejected the call, or its reply could not be read */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down. `ticket_unavailable`: No valid component_verify_ticket has been received from WeChat. `platform_misconfigured`: WeChat rejects the platform's credentials or IP address. `upstream_busy`: WeChat does not respond, or asks to slow down. `upstream_quota_exhausted`: WeChat's call quota is used up */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    diffWechatIps: {
        parameters: {
            query: {
                /** @description The earlier moment (ISO 8601 with offset, for example 2026-01-31T08:00:00.000Z) */
                from: string;
                /** @description The later moment; absent: now (ISO 8601 with offset, for example 2026-01-31T08:00:00.000Z) */
                to?: string;
            };
            header?: never;
            path: {
                /**
                 * @description `api-domain`: addresses of WeChat's API servers (get_api_domain_ip). `callback`: addresses that pushes are sent from (getcallbackip)
                 * @example api-domain
                 */
                kind: "api-domain" | "callback";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What changed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "kind": "api-domain",
                     *       "from": "2026-03-01T08:00:00.000Z",
                     *       "to": "2026-03-01T08:00:00.000Z",
                     *       "from_sync_token": "example",
                     *       "to_sync_token": "example",
                     *       "added": [
                     *         "example"
                     *       ],
                     *       "removed": [
                     *         "example"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["WechatIpDiff"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWechatIpLifetimes: {
        parameters: {
            query?: {
                /** @description Only entries that hold this address */
                address?: string;
                /** @description Maximum number of items per page */
                limit?: number;
                /** @description `next_cursor` of the previous page; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description `api-domain`: addresses of WeChat's API servers (get_api_domain_ip). `callback`: addresses that pushes are sent from (getcallbackip)
                 * @example api-domain
                 */
                kind: "api-domain" | "callback";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "address": "203.0.113.7",
                     *           "first_observed_at": "2026-03-01T08:00:00.000Z",
                     *           "last_observed_at": "2026-03-01T08:00:00.000Z",
                     *           "ended_at": "2026-03-01T08:00:00.000Z",
                     *           "present": true
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["WechatIpLifetimePage"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWechatIpCandidates: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description `api-domain`: addresses of WeChat's API servers (get_api_domain_ip). `callback`: addresses that pushes are sent from (getcallbackip)
                 * @example api-domain
                 */
                kind: "api-domain" | "callback";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description At most 100 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "x1y2z3",
                     *           "kind": "api-domain",
                     *           "reason": "empty",
                     *           "state": "held",
                     *           "first_observed_at": "2026-03-01T08:00:00.000Z",
                     *           "last_observed_at": "2026-03-01T08:00:00.000Z",
                     *           "observations": 3,
                     *           "decided_at": "2026-03-01T08:00:00.000Z",
                     *           "decided_by": null,
                     *           "ip_list": [
                     *             "203.0.113.7",
                     *             "198.51.100.0/24"
                     *           ],
                     *           "unreadable": [
                     *             "example"
                     *           ],
                     *           "added": [
                     *             "example"
                     *           ],
                     *           "removed": [
                     *             "example"
                     *           ]
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["WechatIpCandidatePage"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    confirmWechatIpCandidate: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your choice, a new one for each thing to create. A repetition with the same key and the same request within 24 hours creates nothing and gets the first response, with the header `Idempotent-Replayed: true`. Failed requests are not remembered. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description `api-domain`: addresses of WeChat's API servers (get_api_domain_ip). `callback`: addresses that pushes are sent from (getcallbackip)
                 * @example api-domain
                 */
                kind: "api-domain" | "callback";
                /**
                 * @description Id of the candidate
                 * @example x1y2z3
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The published list */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "x1y2z3",
                     *       "kind": "api-domain",
                     *       "first_observed_at": "2026-03-01T08:00:00.000Z",
                     *       "last_observed_at": "2026-03-01T08:00:00.000Z",
                     *       "observations": 3,
                     *       "sync_token": "example",
                     *       "ip_list": [
                     *         "203.0.113.7",
                     *         "198.51.100.0/24"
                     *       ],
                     *       "added": [
                     *         "example"
                     *       ],
                     *       "removed": [
                     *         "example"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["WechatIpSnapshot"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_key_in_use`: The first request with this Idempotency-Key is still running. `conflict`: The request conflicts with the current state */
            409: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    echoEvents: {
        parameters: {
            query: {
                /** @description Unix seconds, part of the signature */
                timestamp: string;
                /** @description Part of the signature */
                nonce: string;
                /** @description Signature over token, timestamp and nonce */
                signature?: string;
                /** @description Signature over token, timestamp, nonce and `echostr` */
                msg_signature?: string;
                /** @description The text to answer with */
                echostr: string;
            };
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The `echostr` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    receiveEvent: {
        parameters: {
            query: {
                /** @description Unix seconds, part of the signature */
                timestamp: string;
                /** @description Part of the signature */
                nonce: string;
                /** @description Signature over token, timestamp, nonce and ciphertext */
                msg_signature: string;
                /** @description Always `aes` */
                encrypt_type?: string;
                /** @description Ignored */
                signature?: string;
            };
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        /** @description XML envelope, with any media type */
        requestBody: {
            content: {
                "text/xml": string;
            };
        };
        responses: {
            /** @description The text `success` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    echoMessages: {
        parameters: {
            query: {
                /** @description Unix seconds, part of the signature */
                timestamp: string;
                /** @description Part of the signature */
                nonce: string;
                /** @description Signature over token, timestamp and nonce */
                signature?: string;
                /** @description Signature over token, timestamp, nonce and `echostr` */
                msg_signature?: string;
                /** @description The text to answer with */
                echostr: string;
            };
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description authorizer_appid: the appid of the merchant's account
                 * @example wxa1b2c3d4e5f60718
                 */
                authorizer_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The `echostr` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    receiveMessage: {
        parameters: {
            query: {
                /** @description Unix seconds, part of the signature */
                timestamp: string;
                /** @description Part of the signature */
                nonce: string;
                /** @description Signature over token, timestamp, nonce and ciphertext */
                msg_signature: string;
                /** @description Always `aes` */
                encrypt_type?: string;
                /** @description Ignored */
                signature?: string;
            };
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description authorizer_appid: the appid of the merchant's account
                 * @example wxa1b2c3d4e5f60718
                 */
                authorizer_appid: string;
            };
            cookie?: never;
        };
        /** @description XML envelope, with any media type */
        requestBody: {
            content: {
                "text/xml": string;
            };
        };
        responses: {
            /** @description The text `success`, or an encrypted reply in XML */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    openAuthorizationLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description Id of the link
                 * @example x1y2z3
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An HTML page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description A page that says what is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description A page that says that there is no such link */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description A page that says that the link has expired or was revoked */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description A page that asks to try again later */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A page that asks to try again later */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description A page that asks to try again later */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
        };
    };
    finishAuthorization: {
        parameters: {
            query: {
                /** @description The authorization code */
                auth_code: string;
                /** @description Lifetime of the code in seconds */
                expires_in?: string;
                /** @description State of the authorization link */
                state?: string;
            };
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An HTML page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description Redirect to the `return_url` of the link */
            302: {
                headers: {
                    /** @description The `return_url` */
                    Location?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An HTML page with the error (a problem document with `Accept: application/json`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_failed`: WeChat rejected the call, or its reply could not be read */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down. `upstream_busy`: WeChat does not respond, or asks to slow down. `ticket_unavailable`: No valid component_verify_ticket has been received from WeChat */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The process runs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok",
                     *       "reason": "example",
                     *       "clocks": {
                     *         "wrong": "hub",
                     *         "database_offset_seconds": null,
                     *         "wechat_offset_seconds": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The process can serve requests */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok",
                     *       "reason": "example",
                     *       "clocks": {
                     *         "wrong": "hub",
                     *         "database_offset_seconds": null,
                     *         "wechat_offset_seconds": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The process cannot serve requests; see `reason` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Metrics */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    openapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example {} */
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    docs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An HTML page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description A login */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "username": "lin.mei",
                 *       "password": "a long pass phrase"
                 *     }
                 */
                "application/json": components["schemas"]["NewSession"];
            };
        };
        responses: {
            /** @description Logged in */
            201: {
                headers: {
                    /** @description Session cookie */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "kind": "api_key",
                     *       "name": "Example",
                     *       "role": "viewer",
                     *       "component_appid": "wx0a1b2c3d4e5f6071",
                     *       "scopes": [
                     *         "platforms:write"
                     *       ],
                     *       "merchant_ids": [
                     *         "shop-42"
                     *       ],
                     *       "csrf_token": null
                     *     }
                     */
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Logged out in all processes */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The caller */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "kind": "api_key",
                     *       "name": "Example",
                     *       "role": "viewer",
                     *       "component_appid": "wx0a1b2c3d4e5f6071",
                     *       "scopes": [
                     *         "platforms:write"
                     *       ],
                     *       "merchant_ids": [
                     *         "shop-42"
                     *       ],
                     *       "csrf_token": null
                     *     }
                     */
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createFirstOperator: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The first user of an empty installation */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "example-token",
                 *       "username": "lin.mei",
                 *       "password": "a long pass phrase"
                 *     }
                 */
                "application/json": components["schemas"]["NewFirstOperator"];
            };
        };
        responses: {
            /** @description The operator */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "username": "lin.mei",
                     *       "role": "viewer",
                     *       "component_appid": "wx0a1b2c3d4e5f6071",
                     *       "created_at": "2026-03-01T08:00:00.000Z",
                     *       "created_by": "example",
                     *       "disabled_at": "2026-03-01T08:00:00.000Z",
                     *       "expires_at": "2026-03-01T08:00:00.000Z",
                     *       "last_login_at": "2026-03-01T08:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listUsers: {
        parameters: {
            query?: {
                /** @description Maximum number of items per page */
                limit?: number;
                /** @description `next_cursor` of the previous page; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "username": "lin.mei",
                     *           "role": "viewer",
                     *           "component_appid": "wx0a1b2c3d4e5f6071",
                     *           "created_at": "2026-03-01T08:00:00.000Z",
                     *           "created_by": "example",
                     *           "disabled_at": "2026-03-01T08:00:00.000Z",
                     *           "expires_at": "2026-03-01T08:00:00.000Z",
                     *           "last_login_at": "2026-03-01T08:00:00.000Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["UserPage"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createUser: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your choice, a new one for each thing to create. A repetition with the same key and the same request within 24 hours creates nothing and gets the first response, with the header `Idempotent-Replayed: true`. Failed requests are not remembered. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description A new console user */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "username": "lin.mei",
                 *       "password": "a long pass phrase",
                 *       "role": "viewer",
                 *       "component_appid": "wx0a1b2c3d4e5f6071",
                 *       "expires_at": "2026-03-01T08:00:00.000Z"
                 *     }
                 */
                "application/json": components["schemas"]["NewUser"];
            };
        };
        responses: {
            /** @description The user */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "username": "lin.mei",
                     *       "role": "viewer",
                     *       "component_appid": "wx0a1b2c3d4e5f6071",
                     *       "created_at": "2026-03-01T08:00:00.000Z",
                     *       "created_by": "example",
                     *       "disabled_at": "2026-03-01T08:00:00.000Z",
                     *       "expires_at": "2026-03-01T08:00:00.000Z",
                     *       "last_login_at": "2026-03-01T08:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_key_in_use`: The first request with this Idempotency-Key is still running */
            409: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description User name
                 * @example lin.mei
                 */
                username: string;
            };
            cookie?: never;
        };
        /** @description Confirms a deletion, which cannot be undone */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "confirm": "wx0a1b2c3d4e5f6071"
                 *     }
                 */
                "application/json": components["schemas"]["Erasure"];
            };
        };
        responses: {
            /** @description Erased */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description User name
                 * @example lin.mei
                 */
                username: string;
            };
            cookie?: never;
        };
        /** @description Fields to change. Every change ends the user's sessions */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "role": "viewer",
                 *       "password": "a long pass phrase",
                 *       "expires_at": "2026-03-01T08:00:00.000Z",
                 *       "disabled": true
                 *     }
                 */
                "application/json": components["schemas"]["UserPatch"];
            };
        };
        responses: {
            /** @description The user */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "username": "lin.mei",
                     *       "role": "viewer",
                     *       "component_appid": "wx0a1b2c3d4e5f6071",
                     *       "created_at": "2026-03-01T08:00:00.000Z",
                     *       "created_by": "example",
                     *       "disabled_at": "2026-03-01T08:00:00.000Z",
                     *       "expires_at": "2026-03-01T08:00:00.000Z",
                     *       "last_login_at": "2026-03-01T08:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getQuota: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The quota */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "day": "2026-03-01",
                     *       "resets_at": "2026-03-01T08:00:00.000Z",
                     *       "parks": [
                     *         {
                     *           "authorizer_appid": "wxa1b2c3d4e5f60718",
                     *           "path": "/wxa/get_effective_domain",
                     *           "errcode": 3,
                     *           "parked_at": "2026-03-01T08:00:00.000Z",
                     *           "parked_until": "2026-03-01T08:00:00.000Z",
                     *           "next_probe_at": "2026-03-01T08:00:00.000Z",
                     *           "strikes": 3
                     *         }
                     *       ],
                     *       "parked_count": 3,
                     *       "calls": [
                     *         {
                     *           "path": "/wxa/get_effective_domain",
                     *           "calls": 3,
                     *           "errors": 3
                     *         }
                     *       ],
                     *       "budgets": [
                     *         {
                     *           "path": "/wxa/get_effective_domain",
                     *           "per_day": 3,
                     *           "reserve": 3,
                     *           "used": 3,
                     *           "remaining": 3,
                     *           "remaining_background": 3
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Quota"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setQuotaBudget: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        /** @description Budget of a path */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "path": "/wxa/get_effective_domain",
                 *       "per_day": 3,
                 *       "reserve": 0
                 *     }
                 */
                "application/json": components["schemas"]["NewCallBudget"];
            };
        };
        responses: {
            /** @description All budgets of the platform */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "path": "/wxa/get_effective_domain",
                     *           "per_day": 3,
                     *           "reserve": 3,
                     *           "used": 3,
                     *           "remaining": 3,
                     *           "remaining_background": 3
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["CallBudgets"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resetQuota: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        /** @description Uses one of WeChat's ten resets per month */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "authorizer_appid": "wxa1b2c3d4e5f60718",
                 *       "confirm": "wx0a1b2c3d4e5f6071"
                 *     }
                 */
                "application/json": components["schemas"]["NewQuotaReset"];
            };
        };
        responses: {
            /** @description Reset */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "appid": "example",
                     *       "lifted": 3
                     *     }
                     */
                    "application/json": components["schemas"]["QuotaReset"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_failed`: WeChat rejected the call, or its reply could not be read */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down. `platform_misconfigured`: WeChat rejects the platform's credentials or IP address. `upstream_busy`: WeChat does not respond, or asks to slow down. `upstream_quota_exhausted`: WeChat's call quota is used up */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMerchantCalls: {
        parameters: {
            query?: {
                /** @description Number of days including today; the last week is kept */
                days?: number;
            };
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description authorizer_appid: the appid of the merchant's account
                 * @example wxa1b2c3d4e5f60718
                 */
                authorizer_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The calls */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "day": "2026-03-01",
                     *           "path": "/wxa/get_effective_domain",
                     *           "calls": 3,
                     *           "errors": 3
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["MerchantCalls"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPushes: {
        parameters: {
            query?: {
                /** @description `pending`: queued or being retried. `handled`. `superseded`: replaced by a newer push. `unhandled`: no handler for this type. `failed`: given up after the last retry */
                state?: "pending" | "handled" | "superseded" | "unhandled" | "failed";
                /** @description Only pushes about this account */
                authorizer_appid?: string;
                /** @description Maximum number of items per page */
                limit?: number;
                /** @description `next_cursor` of the previous page; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "x1y2z3",
                     *           "info_type": "example",
                     *           "authorizer_appid": null,
                     *           "state": "pending",
                     *           "wechat_created_at": "2026-03-01T08:00:00.000Z",
                     *           "received_at": "2026-03-01T08:00:00.000Z",
                     *           "handled_at": "2026-03-01T08:00:00.000Z",
                     *           "attempts": 3,
                     *           "failure": {
                     *             "code": null,
                     *             "message": "example"
                     *           }
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["PushPage"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPushBacklog: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The backlog */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "pending": 3,
                     *       "oldest_seconds": 3,
                     *       "failed": 3
                     *     }
                     */
                    "application/json": components["schemas"]["PushBacklog"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRefusedPushes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The refused requests */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "at": "2026-03-01T08:00:00.000Z",
                     *           "path": "/wxa/get_effective_domain",
                     *           "address": null,
                     *           "reason": "example"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["RefusedPushes"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getChecks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The checks */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "checked_at": "2026-03-01T08:00:00.000Z",
                     *       "first_fail": "clocks",
                     *       "items": [
                     *         {
                     *           "id": "clocks",
                     *           "status": "pass",
                     *           "since": "2026-03-01T08:00:00.000Z",
                     *           "finding": null,
                     *           "title": "example",
                     *           "title_zh": "example",
                     *           "evidence": [
                     *             "example"
                     *           ],
                     *           "next_step": null,
                     *           "next_step_zh": null,
                     *           "doc": "example"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["PlatformChecks"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runChecks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The checks */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "checked_at": "2026-03-01T08:00:00.000Z",
                     *       "first_fail": "clocks",
                     *       "items": [
                     *         {
                     *           "id": "clocks",
                     *           "status": "pass",
                     *           "since": "2026-03-01T08:00:00.000Z",
                     *           "finding": null,
                     *           "title": "example",
                     *           "title_zh": "example",
                     *           "evidence": [
                     *             "example"
                     *           ],
                     *           "next_step": null,
                     *           "next_step_zh": null,
                     *           "doc": "example"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["PlatformChecks"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replayPush: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your choice, a new one for each thing to create. A repetition with the same key and the same request within 24 hours creates nothing and gets the first response, with the header `Idempotent-Replayed: true`. Failed requests are not remembered. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description Id of the push
                 * @example x1y2z3
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The push is queued */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "x1y2z3"
                     *     }
                     */
                    "application/json": components["schemas"]["Started"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_key_in_use`: The first request with this Idempotency-Key is still running. `conflict`: The request conflicts with the current state */
            409: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    startRetention: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your choice, a new one for each thing to create. A repetition with the same key and the same request within 24 hours creates nothing and gets the first response, with the header `Idempotent-Replayed: true`. Failed requests are not remembered. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        /** @description What a retention run keeps */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "keep_all": "P400D",
                 *       "thin_to": "P30D"
                 *     }
                 */
                "application/json": components["schemas"]["NewRetentionRun"];
            };
        };
        responses: {
            /** @description Started */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "x1y2z3"
                     *     }
                     */
                    "application/json": components["schemas"]["Started"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_key_in_use`: The first request with this Idempotency-Key is still running */
            409: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRetention: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description Id of the run
                 * @example x1y2z3
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "x1y2z3",
                     *       "state": "running",
                     *       "keep_all": "P400D",
                     *       "thin_to": "P30D",
                     *       "total": 3,
                     *       "examined": 3,
                     *       "removed": 3,
                     *       "started_at": "2026-03-01T08:00:00.000Z",
                     *       "finished_at": "2026-03-01T08:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["RetentionRun"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMasterKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The keys, by id */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "encrypts_with": "example",
                     *       "keys": [
                     *         {
                     *           "key_id": "example",
                     *           "values": 3,
                     *           "known": true
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["MasterKeys"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    startMasterKeyRotation: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your choice, a new one for each thing to create. A repetition with the same key and the same request within 24 hours creates nothing and gets the first response, with the header `Idempotent-Replayed: true`. Failed requests are not remembered. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Started */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "x1y2z3"
                     *     }
                     */
                    "application/json": components["schemas"]["Started"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_key_in_use`: The first request with this Idempotency-Key is still running */
            409: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMasterKeyRotation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the rotation
                 * @example x1y2z3
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rotation */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "x1y2z3",
                     *       "key_id": "example",
                     *       "state": "running",
                     *       "reason": null,
                     *       "total": 3,
                     *       "resealed": 3,
                     *       "remaining": 3,
                     *       "started_at": "2026-03-01T08:00:00.000Z",
                     *       "finished_at": "2026-03-01T08:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["MasterKeyRotation"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /** @description Events after this one; absent: from the oldest that is kept */
                after?: string;
                /** @description Only these types, separated by commas; `domains.*` for all of a kind */
                type?: string;
                /** @description Only events about this account */
                authorizer_appid?: string;
                /** @description Only events about accounts of this merchant */
                merchant_id?: string;
                /** @description Maximum number of events */
                limit?: number;
                /** @description How long to wait for an event when there is none (ISO 8601, PT0S to PT55S) */
                wait?: string;
            };
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "x1y2z3",
                     *           "occurred_at": "2026-03-01T08:00:00.000Z",
                     *           "recorded_at": "2026-03-01T08:00:00.000Z",
                     *           "authorizer_appid": null,
                     *           "merchant_id": null,
                     *           "type": "platform.ready",
                     *           "data": {}
                     *         }
                     *       ],
                     *       "next_cursor": "example",
                     *       "last_event_id": "240"
                     *     }
                     */
                    "application/json": components["schemas"]["EventPage"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `cursor_expired`: The cursor is older than what is kept */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    streamEvents: {
        parameters: {
            query?: {
                /** @description Events after this one; absent: only new ones. The header Last-Event-ID has precedence */
                after?: string;
                /** @description Only these types, separated by commas; `domains.*` for all of a kind */
                type?: string;
                /** @description Only events about this account */
                authorizer_appid?: string;
                /** @description Only events about accounts of this merchant */
                merchant_id?: string;
            };
            header?: {
                /** @description Id of the last event that was received */
                "Last-Event-ID"?: string;
            };
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `cursor_expired`: The cursor is older than what is kept */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWebhookEndpoints: {
        parameters: {
            query?: {
                /** @description Maximum number of items per page */
                limit?: number;
                /** @description `next_cursor` of the previous page; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "x1y2z3",
                     *           "url": "https://backend.example.com/wxfleet/hook",
                     *           "description": null,
                     *           "event_types": [
                     *             "domains.changed"
                     *           ],
                     *           "merchant_ids": [
                     *             "shop-42"
                     *           ],
                     *           "ordering": "per_authorizer",
                     *           "format": "standard",
                     *           "signature": "v1",
                     *           "public_key": null,
                     *           "max_per_second": 3,
                     *           "state": "enabled",
                     *           "disabled_at": "2026-03-01T08:00:00.000Z",
                     *           "disabled_reason": "gone",
                     *           "failing_since": "2026-03-01T08:00:00.000Z",
                     *           "failures": 3,
                     *           "succeeded_at": "2026-03-01T08:00:00.000Z",
                     *           "previous_valid_until": "2026-03-01T08:00:00.000Z",
                     *           "last_event_id": "240",
                     *           "waiting": 3,
                     *           "created_at": "2026-03-01T08:00:00.000Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookEndpointPage"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your choice, a new one for each thing to create. A repetition with the same key and the same request within 24 hours creates nothing and gets the first response, with the header `Idempotent-Replayed: true`. Failed requests are not remembered. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        /** @description The endpoint to create */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://backend.example.com/wxfleet/hook",
                 *       "description": "example",
                 *       "event_types": null,
                 *       "merchant_ids": [
                 *         "shop-42"
                 *       ],
                 *       "ordering": "per_authorizer",
                 *       "format": "standard",
                 *       "signature": "v1",
                 *       "max_per_second": null,
                 *       "start": "now"
                 *     }
                 */
                "application/json": {
                    /** @description Where events are sent (https). Private networks need WEBHOOK_NETWORKS */
                    url: string;
                    /** @description What it is for */
                    description?: string;
                    /**
                     * @description Types of events; null: all
                     * @default null
                     */
                    event_types?: string[] | null;
                    /** @description Only events about accounts of these merchants; null: all */
                    merchant_ids?: string[] | null;
                    /**
                     * @description `per_authorizer`: the next event of an account waits while an earlier one is being retried. `none`: no event waits
                     * @default per_authorizer
                     * @enum {string}
                     */
                    ordering?: "per_authorizer" | "none";
                    /**
                     * @description `standard`: Standard Webhooks. Otherwise a group robot, which gets a digest: one message a minute and type at most
                     * @default standard
                     * @enum {string}
                     */
                    format?: "standard" | "wecom" | "dingtalk" | "feishu";
                    /**
                     * @description `v1`: HMAC-SHA256 with a shared secret. `v1a`: ed25519
                     * @default v1
                     * @enum {string}
                     */
                    signature?: "v1" | "v1a";
                    /**
                     * @description Maximum number of requests per second; null: no limit
                     * @default null
                     */
                    max_per_second?: number | null;
                    /**
                     * @description `now`, or the id of the event after which to begin
                     * @default now
                     */
                    start?: string;
                };
            };
        };
        responses: {
            /** @description The endpoint with its secret */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "x1y2z3",
                     *       "url": "https://backend.example.com/wxfleet/hook",
                     *       "description": null,
                     *       "event_types": [
                     *         "domains.changed"
                     *       ],
                     *       "merchant_ids": [
                     *         "shop-42"
                     *       ],
                     *       "ordering": "per_authorizer",
                     *       "format": "standard",
                     *       "signature": "v1",
                     *       "public_key": null,
                     *       "max_per_second": 3,
                     *       "state": "enabled",
                     *       "disabled_at": "2026-03-01T08:00:00.000Z",
                     *       "disabled_reason": "gone",
                     *       "failing_since": "2026-03-01T08:00:00.000Z",
                     *       "failures": 3,
                     *       "succeeded_at": "2026-03-01T08:00:00.000Z",
                     *       "previous_valid_until": "2026-03-01T08:00:00.000Z",
                     *       "last_event_id": "240",
                     *       "waiting": 3,
                     *       "created_at": "2026-03-01T08:00:00.000Z",
                     *       "secret": null
                     *     }
                     */
                    "application/json": components["schemas"]["CreatedWebhookEndpoint"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_key_in_use`: The first request with this Idempotency-Key is still running */
            409: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description Id of the endpoint
                 * @example x1y2z3
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The endpoint */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "x1y2z3",
                     *       "url": "https://backend.example.com/wxfleet/hook",
                     *       "description": null,
                     *       "event_types": [
                     *         "domains.changed"
                     *       ],
                     *       "merchant_ids": [
                     *         "shop-42"
                     *       ],
                     *       "ordering": "per_authorizer",
                     *       "format": "standard",
                     *       "signature": "v1",
                     *       "public_key": null,
                     *       "max_per_second": 3,
                     *       "state": "enabled",
                     *       "disabled_at": "2026-03-01T08:00:00.000Z",
                     *       "disabled_reason": "gone",
                     *       "failing_since": "2026-03-01T08:00:00.000Z",
                     *       "failures": 3,
                     *       "succeeded_at": "2026-03-01T08:00:00.000Z",
                     *       "previous_valid_until": "2026-03-01T08:00:00.000Z",
                     *       "last_event_id": "240",
                     *       "waiting": 3,
                     *       "created_at": "2026-03-01T08:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookEndpoint"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description Id of the endpoint
                 * @example x1y2z3
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description Id of the endpoint
                 * @example x1y2z3
                 */
                id: string;
            };
            cookie?: never;
        };
        /** @description Fields of the endpoint to change */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://backend.example.com/wxfleet/hook",
                 *       "description": "example",
                 *       "event_types": [
                 *         "domains.changed"
                 *       ],
                 *       "merchant_ids": [
                 *         "shop-42"
                 *       ],
                 *       "ordering": "per_authorizer",
                 *       "max_per_second": 3,
                 *       "state": "enabled",
                 *       "start": "now"
                 *     }
                 */
                "application/json": {
                    /** @description Where events are sent (https). Private networks need WEBHOOK_NETWORKS */
                    url?: string;
                    description?: string | null;
                    /** @description Types of events; null: all */
                    event_types?: string[] | null;
                    /** @description Only events about accounts of these merchants; null: all */
                    merchant_ids?: string[] | null;
                    /**
                     * @description `per_authorizer`: the next event of an account waits while an earlier one is being retried. `none`: no event waits
                     * @enum {string}
                     */
                    ordering?: "per_authorizer" | "none";
                    /** @description Maximum number of requests per second; null: no limit */
                    max_per_second?: number | null;
                    /**
                     * @description An endpoint that is enabled again continues where it stopped
                     * @enum {string}
                     */
                    state?: "enabled" | "disabled";
                    /** @description Continue elsewhere: `now`, or after the event with this id */
                    start?: string;
                };
            };
        };
        responses: {
            /** @description The endpoint */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "x1y2z3",
                     *       "url": "https://backend.example.com/wxfleet/hook",
                     *       "description": null,
                     *       "event_types": [
                     *         "domains.changed"
                     *       ],
                     *       "merchant_ids": [
                     *         "shop-42"
                     *       ],
                     *       "ordering": "per_authorizer",
                     *       "format": "standard",
                     *       "signature": "v1",
                     *       "public_key": null,
                     *       "max_per_second": 3,
                     *       "state": "enabled",
                     *       "disabled_at": "2026-03-01T08:00:00.000Z",
                     *       "disabled_reason": "gone",
                     *       "failing_since": "2026-03-01T08:00:00.000Z",
                     *       "failures": 3,
                     *       "succeeded_at": "2026-03-01T08:00:00.000Z",
                     *       "previous_valid_until": "2026-03-01T08:00:00.000Z",
                     *       "last_event_id": "240",
                     *       "waiting": 3,
                     *       "created_at": "2026-03-01T08:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookEndpoint"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your choice, a new one for each thing to create. A repetition with the same key and the same request within 24 hours creates nothing and gets the first response, with the header `Idempotent-Replayed: true`. Failed requests are not remembered. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description Id of the endpoint
                 * @example x1y2z3
                 */
                id: string;
            };
            cookie?: never;
        };
        /** @description Options of the secret rotation */
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "overlap": "PT24H"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description How long the previous secret also signs
                     * @default PT24H
                     */
                    overlap?: string;
                };
            };
        };
        responses: {
            /** @description The new secret */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "secret": null,
                     *       "public_key": null,
                     *       "previous_valid_until": "2026-03-01T08:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookSecretRotation"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_key_in_use`: The first request with this Idempotency-Key is still running */
            409: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    testWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description Id of the endpoint
                 * @example x1y2z3
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Result of the test */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": null,
                     *       "error": "refused_address",
                     *       "detail": null,
                     *       "duration_ms": 3,
                     *       "address": null,
                     *       "response_excerpt": null,
                     *       "delivered": true,
                     *       "certificate_expires_at": "2026-03-01T08:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookTest"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAttemptHours: {
        parameters: {
            query?: {
                /** @description From the hour of this moment on; absent: the last 24 hours before `to` (ISO 8601 with offset, for example 2026-01-31T08:00:00.000Z) */
                from?: string;
                /** @description Hours that begin before this moment; absent: now (ISO 8601 with offset, for example 2026-01-31T08:00:00.000Z) */
                to?: string;
            };
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description Id of the endpoint
                 * @example x1y2z3
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The counts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "from": "2026-03-01T08:00:00.000Z",
                     *       "to": "2026-03-01T08:00:00.000Z",
                     *       "delivered": 3,
                     *       "failed": 3,
                     *       "items": [
                     *         {
                     *           "hour": "2026-03-01T08:00:00.000Z",
                     *           "delivered": 3,
                     *           "failed": 3
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["AttemptHours"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                /** @description `pending`: waits or is being retried. `failed`: given up */
                state?: "pending" | "delivered" | "failed";
                /** @description Only events about this account */
                authorizer_appid?: string;
                /** @description A type of event such as `domains.changed`, or all of a kind: `domains.*` */
                type?: string;
                /** @description Maximum number of items per page */
                limit?: number;
                /** @description `next_cursor` of the previous page; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description Id of the endpoint
                 * @example x1y2z3
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "x1y2z3",
                     *           "event_id": "example",
                     *           "message_id": "example",
                     *           "type": "example",
                     *           "authorizer_appid": null,
                     *           "trigger": "event",
                     *           "state": "pending",
                     *           "attempts": 3,
                     *           "next_attempt_at": "2026-03-01T08:00:00.000Z",
                     *           "last_status": null,
                     *           "last_error": null,
                     *           "created_at": "2026-03-01T08:00:00.000Z",
                     *           "finished_at": "2026-03-01T08:00:00.000Z"
                     *         }
                     *       ],
                     *       "next_cursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["DeliveryPage"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description Id of the endpoint
                 * @example x1y2z3
                 */
                id: string;
                /**
                 * @description Id of the delivery
                 * @example example
                 */
                item: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "x1y2z3",
                     *       "event_id": "example",
                     *       "message_id": "example",
                     *       "type": "example",
                     *       "authorizer_appid": null,
                     *       "trigger": "event",
                     *       "state": "pending",
                     *       "attempts": 3,
                     *       "next_attempt_at": "2026-03-01T08:00:00.000Z",
                     *       "last_status": null,
                     *       "last_error": null,
                     *       "created_at": "2026-03-01T08:00:00.000Z",
                     *       "finished_at": "2026-03-01T08:00:00.000Z",
                     *       "attempt_log": [
                     *         {
                     *           "no": 3,
                     *           "at": "2026-03-01T08:00:00.000Z",
                     *           "status": null,
                     *           "error": "refused_address",
                     *           "detail": null,
                     *           "duration_ms": 3,
                     *           "address": null,
                     *           "response_excerpt": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DeliveryDetail"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryDelivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your choice, a new one for each thing to create. A repetition with the same key and the same request within 24 hours creates nothing and gets the first response, with the header `Idempotent-Replayed: true`. Failed requests are not remembered. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description Id of the endpoint
                 * @example x1y2z3
                 */
                id: string;
                /**
                 * @description Id of the delivery
                 * @example example
                 */
                item: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery is retried */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "x1y2z3",
                     *       "event_id": "example",
                     *       "message_id": "example",
                     *       "type": "example",
                     *       "authorizer_appid": null,
                     *       "trigger": "event",
                     *       "state": "pending",
                     *       "attempts": 3,
                     *       "next_attempt_at": "2026-03-01T08:00:00.000Z",
                     *       "last_status": null,
                     *       "last_error": null,
                     *       "created_at": "2026-03-01T08:00:00.000Z",
                     *       "finished_at": "2026-03-01T08:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_key_in_use`: The first request with this Idempotency-Key is still running. `conflict`: The request conflicts with the current state */
            409: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    startReplay: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your choice, a new one for each thing to create. A repetition with the same key and the same request within 24 hours creates nothing and gets the first response, with the header `Idempotent-Replayed: true`. Failed requests are not remembered. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description Id of the endpoint
                 * @example x1y2z3
                 */
                id: string;
            };
            cookie?: never;
        };
        /** @description Either `from` and `to`, or `after` and `until` */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "from": "2026-03-01T08:00:00.000Z",
                 *       "to": "2026-03-01T08:00:00.000Z",
                 *       "after": "120",
                 *       "until": "240",
                 *       "types": [
                 *         "domains.changed"
                 *       ],
                 *       "only": "undelivered",
                 *       "dry_run": false
                 *     }
                 */
                "application/json": {
                    /**
                     * Format: date-time
                     * @description Only events recorded at or after this time (ISO 8601 with offset, for example 2026-01-31T08:00:00.000Z)
                     */
                    from?: string;
                    /**
                     * Format: date-time
                     * @description Only events recorded before this time (ISO 8601 with offset, for example 2026-01-31T08:00:00.000Z)
                     */
                    to?: string;
                    /** @description Events after this one */
                    after?: string;
                    /** @description Events up to this one */
                    until?: string;
                    /** @description Only these types */
                    types?: string[];
                    /** @description Only events about these accounts */
                    authorizer_appids?: string[];
                    /**
                     * @description `failed`: events that were given up. `undelivered`: events that are neither delivered nor waiting. `all`: delivered ones as well
                     * @default undelivered
                     * @enum {string}
                     */
                    only?: "failed" | "undelivered" | "all";
                    /**
                     * @description Only count
                     * @default false
                     */
                    dry_run?: boolean;
                };
            };
        };
        responses: {
            /** @description Started, or counted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": null,
                     *       "matched": 3
                     *     }
                     */
                    "application/json": components["schemas"]["StartedReplay"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_key_in_use`: The first request with this Idempotency-Key is still running */
            409: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReplay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description Id of the endpoint
                 * @example x1y2z3
                 */
                id: string;
                /**
                 * @description Id of the replay
                 * @example example
                 */
                item: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The replay */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "x1y2z3",
                     *       "state": "running",
                     *       "matched": 3,
                     *       "queued": 3,
                     *       "delivered": 3,
                     *       "failed": 3,
                     *       "started_at": "2026-03-01T08:00:00.000Z",
                     *       "finished_at": "2026-03-01T08:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Replay"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRelay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description Name of the relay
                 * @example Example
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The relay */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "Example",
                     *       "url": "https://backend.example.com/wxfleet/hook",
                     *       "source": "messages",
                     *       "match": {
                     *         "msg_types": [
                     *           "example"
                     *         ],
                     *         "events": [
                     *           "example"
                     *         ],
                     *         "info_types": [
                     *           "example"
                     *         ]
                     *       },
                     *       "mode": "notify",
                     *       "deadline_ms": 500,
                     *       "enabled": true,
                     *       "waiting": 3,
                     *       "created_at": "2026-03-01T08:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Relay"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putRelay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description Name of the relay
                 * @example Example
                 */
                name: string;
            };
            cookie?: never;
        };
        /** @description Settings of the relay */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://backend.example.com/wxfleet/hook",
                 *       "source": "messages",
                 *       "match": {},
                 *       "mode": "notify",
                 *       "deadline_ms": 14000,
                 *       "enabled": true
                 *     }
                 */
                "application/json": {
                    /** @description Backend (https). Private networks need WEBHOOK_NETWORKS */
                    url: string;
                    /**
                     * @description `messages`: what arrives at the messages URL. `events`: what arrives at the events URL
                     * @default messages
                     * @enum {string}
                     */
                    source?: "messages" | "events" | "both";
                    /**
                     * @description What is passed on; absent: everything of the source
                     * @default {}
                     */
                    match?: {
                        /** @description Only messages of these types (MsgType) */
                        msg_types?: string[];
                        /** @description Only events of these names (Event) */
                        events?: string[];
                        /** @description Only pushes of these types (InfoType) */
                        info_types?: string[];
                        /** @description Only for these accounts */
                        authorizer_appids?: string[];
                    };
                    /**
                     * @description `notify`: WeChat gets `success` at once, the backend gets the message soon. `reply`: the backend answers WeChat. `raw`: query and encrypted body are passed on as they came, and so is the answer
                     * @enum {string}
                     */
                    mode: "notify" | "reply" | "raw";
                    /**
                     * @description Time limit of the backend in milliseconds. WeChat asks three times and waits 5 seconds each time
                     * @default 14000
                     */
                    deadline_ms?: number;
                    /**
                     * @description Whether the relay is enabled
                     * @default true
                     */
                    enabled?: boolean;
                };
            };
        };
        responses: {
            /** @description The relay */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "Example",
                     *       "url": "https://backend.example.com/wxfleet/hook",
                     *       "source": "messages",
                     *       "match": {
                     *         "msg_types": [
                     *           "example"
                     *         ],
                     *         "events": [
                     *           "example"
                     *         ],
                     *         "info_types": [
                     *           "example"
                     *         ]
                     *       },
                     *       "mode": "notify",
                     *       "deadline_ms": 500,
                     *       "enabled": true,
                     *       "waiting": 3,
                     *       "created_at": "2026-03-01T08:00:00.000Z",
                     *       "secret": null
                     *     }
                     */
                    "application/json": components["schemas"]["StoredRelay"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: The request body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The request body must be application/json */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteRelay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description Name of the relay
                 * @example Example
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRelays: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The relays */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "name": "Example",
                     *           "url": "https://backend.example.com/wxfleet/hook",
                     *           "source": "messages",
                     *           "match": {
                     *             "msg_types": [
                     *               "example"
                     *             ],
                     *             "events": [
                     *               "example"
                     *             ],
                     *             "info_types": [
                     *               "example"
                     *             ]
                     *           },
                     *           "mode": "notify",
                     *           "deadline_ms": 500,
                     *           "enabled": true,
                     *           "waiting": 3,
                     *           "created_at": "2026-03-01T08:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["RelayList"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    testRelay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description component_appid: the appid of the third-party platform
                 * @example wx0a1b2c3d4e5f6071
                 */
                component_appid: string;
                /**
                 * @description Name of the relay
                 * @example Example
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Result of the test */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "delivered": true,
                     *       "status": null,
                     *       "error": "refused_address",
                     *       "detail": null,
                     *       "duration_ms": 3,
                     *       "reply": null
                     *     }
                     */
                    "application/json": components["schemas"]["RelayTest"];
                };
            };
            /** @description `invalid_request`: The request is invalid; see errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: Missing or invalid credentials */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found, or not visible to this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: The request conflicts with the current state */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: Too many requests */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Internal error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot use its database, or is shutting down */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
