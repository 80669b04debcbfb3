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
         * List the platforms that the key may see
         * @description Needs the scope `authorizers:read`.
         */
        get: operations["listPlatforms"];
        put?: never;
        /**
         * Register a platform
         * @description Enter the returned `events_url` and `messages_url` on the development page of the platform; the first ticket arrives within ten minutes. Needs the scope `platforms:write` and an operator.
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
         * One platform
         * @description Needs the scope `authorizers:read`.
         */
        get: operations["getPlatform"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Rename a platform or rotate its secrets
         * @description Needs the scope `platforms:write`.
         */
        patch: operations["updatePlatform"];
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
         * @description Needs the scope `authorizers:read`.
         */
        get: operations["listMerchants"];
        put?: never;
        /**
         * Create a merchant
         * @description Needs the scope `authorizers:write`.
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
         * One merchant
         * @description Needs the scope `authorizers:read`.
         */
        get: operations["getMerchant"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Rename a merchant
         * @description Needs the scope `authorizers:write`.
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
        get?: never;
        put?: never;
        /**
         * Make a link with which a merchant authorizes the platform
         * @description Needs the scope `authorizers:write`.
         */
        post: operations["createAuthorizationLink"];
        delete?: never;
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
         * @description Needs the scope `keys:write`.
         */
        get: operations["listApiKeys"];
        put?: never;
        /**
         * Create an API key
         * @description A key can give away no more than it has: neither scopes nor merchants nor life. Needs the scope `keys:write`.
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
         * @description Every process refuses the key within a second. Revoking a revoked key changes nothing. A key that may do more than the caller is the business of others. Needs the scope `keys:write`.
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
         * Replace an API key by a new one that may do the same
         * @description Both work during the overlap, so that nothing has to change at one moment. Needs the scope `keys:write`.
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
         * Who used what power when
         * @description Needs the scope `audit:read`.
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
         * Whether the audit trail is as it was written
         * @description Recomputes the chain of hashes, a stretch per call. The chain is one for the whole installation. Needs the scope `audit:read` and an operator.
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
         * @description Needs the scope `authorizers:read`.
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
         * One authorizer
         * @description Needs the scope `authorizers:read`.
         */
        get: operations["getAuthorizer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Assign an authorizer to a merchant
         * @description Needs the scope `authorizers:write`.
         */
        patch: operations["updateAuthorizer"];
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
         * Hand out a valid access token
         * @description Never an expired one. All callers get the same token; it is refreshed ahead of its expiry. With `rejected_access_token` one refresh is forced, only if that token is still the current one. Needs the scope `tokens:issue`.
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
         * Compare with the authorizer list of WeChat and repair
         * @description Never deletes. If one is running, its id is returned; what the body says is then true of that one. Needs the scope `authorizers:write`.
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
         * Progress of a reconciliation
         * @description Needs the scope `authorizers:read`.
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
         * Snapshots of a mini program, newest first
         * @description Needs the scope `domains:read`.
         */
        get: operations["listSnapshots"];
        put?: never;
        /**
         * Observe the domains of a mini program now
         * @description Needs the scope `domains:snapshot`.
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
         * One snapshot
         * @description Needs the scope `domains:read`.
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
         * The body of WeChat as it came
         * @description Needs the scope `domains:read`.
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
         * The domains of a mini program at one moment
         * @description Needs the scope `domains:read`.
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
         * Difference between two moments
         * @description Needs the scope `domains:read`.
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
         * When each domain came and went
         * @description Needs the scope `domains:read`.
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
    "/v1/platforms/{component_appid}/sweeps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sweeps, newest first
         * @description Needs the scope `domains:read`.
         */
        get: operations["listSweeps"];
        put?: never;
        /**
         * Observe the domains of all authorized mini programs now
         * @description If a requested sweep is running, its id is returned. Needs the scope `domains:snapshot`.
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
         * Progress of a sweep
         * @description Needs the scope `domains:read`.
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
         * Who has a domain, waits for it, lacks it, or is not known
         * @description Of mini programs in state `authorized`, within the merchants of the key. With `group=effective_domain`, `pending` is configured anywhere and not in force, `missing` is neither. With another group, `pending` is not in it, yet configured in a third one and not in force; what is in force without being in the group is `missing` from it. A domain without scheme is found as it stands and with the scheme of the list. A page of one verdict may be shorter than its limit, even empty, with more behind its next_cursor. Needs the scope `domains:read`.
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
         * Mini programs whose configured domains and domains in force differ
         * @description Of mini programs in state `authorized`, within the merchants of the key. Needs the scope `domains:read`.
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
         * What changed anywhere in the fleet, newest first
         * @description The first snapshot of a mini program is no change. A sweep commits its answers by the page, so that a change may come to be seen seconds after its `observed_at`, and minutes where WeChat answers slowly, behind newer ones that were there before it. Who asks again and again misses none by asking `from` an hour before the latest `observed_at` so far and leaving out what is known: `snapshot_id`, `group` and `list` together name a change. A cursor goes on where it was, whatever comes meanwhile. Needs the scope `domains:read`.
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
         * How near the fleet is to WeChat's limits
         * @description Of mini programs in state `authorized`, within the merchants of the key. Needs the scope `domains:read`.
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
         * Whether mini programs are ready for a release
         * @description Of mini programs in state `authorized`, within the merchants of the key. Each of `authorizer_appids` has an item, whatever it is. Items are of mini programs: one of `merchant_ids` that has none in that state, or that the key may not see, occurs in no item, so look for each of them. Send the same body with every `cursor`. `fetch_stale` also needs the scope `domains:snapshot`; what WeChat does not answer soon keeps the evidence it had. Needs the scope `domains:read`.
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
         * WeChat's addresses, now or at a moment
         * @description For allow-lists: poll with `If-None-Match` and act on a new `ETag`. Needs the scope `api-ips:read`.
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
         * History of the addresses, newest first
         * @description Needs the scope `api-ips:read`.
         */
        get: operations["listWechatIpSnapshots"];
        put?: never;
        /**
         * Fetch the addresses now
         * @description For a key of a platform: with the token of that platform, unless the list was seen less than a minute ago; then the latest snapshot is the answer. Needs the scope `api-ips:snapshot`.
         */
        post: operations["takeWechatIpSnapshot"];
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
        get?: never;
        put?: never;
        /**
         * Tickets and authorization events
         * @description Guarded by the signature of WeChat. Answered once the event is durable.
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
        get?: never;
        put?: never;
        /**
         * Messages and events of a merchant
         * @description Guarded by the signature of WeChat.
         */
        post: operations["receiveMessage"];
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
         * Where the authorization page sends the merchant back to
         * @description Where the authorization page sends the merchant back to
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
         * Whether the process runs
         * @description Whether the process runs
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
         * Whether the process can serve
         * @description Whether the process can serve
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
         * @description Names no merchant and no secret. Keep it off the public internet all the same.
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
         * This description
         * @description This description
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
         * This description as a page
         * @description This description as a page
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
         * @description Sets a cookie that scripts cannot read and other sites cannot send. Failed logins make the next one wait, longer each time.
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
         * @description Needs a key or a session, whatever its scopes.
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
         * Who is asking, and with which scopes
         * @description Needs a key or a session, whatever its scopes.
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
    "/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the console users that the caller may see
         * @description Needs the scope `keys:write`.
         */
        get: operations["listUsers"];
        put?: never;
        /**
         * Make a console user
         * @description Nobody can give away more than they have. Needs the scope `keys:write`.
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
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change the role or the password of a user, or keep one out
         * @description Ends all sessions of the user. Needs the scope `keys:write`.
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
         * Calls of today, what waits because of a quota, and budgets
         * @description Needs the scope `authorizers:read`.
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
         * Limit the calls of one path, change the limit, or take it away
         * @description In force in every process a second later. Limits of other paths stay. Needs the scope `platforms:write`.
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
         * Let WeChat count anew (component/clear_quota/v2)
         * @description The way out of a used-up quota, which needs no token. WeChat grants ten resets per account and month over all ways, its console included; then it answers 48006. `confirm` repeats the appid. Needs the scope `platforms:write` and an operator.
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
         * Calls on behalf of one account, by day and path
         * @description Needs the scope `authorizers:read`.
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
         * Pushes of WeChat and what became of them, newest first
         * @description Needs the scope `authorizers:read`.
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
         * How many pushes wait or were given up
         * @description Needs the scope `authorizers:read`.
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
         * Try a push again that was given up or not understood
         * @description What has been dealt with cannot be replayed: its content is gone (`conflict`). Needs the scope `authorizers:write`.
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
         * Thin the old domain history of a platform
         * @description Removes snapshots, and cannot be undone. Every answer about the time of `keep_all`, the current snapshot and the first sight of every domain stay as they are. If a run is under way, its id is returned. Needs the scope `platforms:write` and an operator.
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
         * Progress of a retention run
         * @description Of each platform the latest run is kept; the audit trail has them all. Needs the scope `domains:read`.
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
         * Which master keys are in use, and which may go
         * @description Needs the scope `platforms:write` and an operator.
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
         * Seal all secrets anew under the first master key
         * @description Goes on while the hub serves, in any process of the worker role that seals with that key, and after a crash where it was. If one is running, its id is returned. Needs the scope `platforms:write` and an operator.
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
         * Progress of a master-key rotation
         * @description Needs the scope `platforms:write` and an operator.
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
             * @description When WeChat stops accepting it (ISO 8601, UTC, milliseconds)
             */
            expires_at: string;
            /** @description Seconds until then, at the time of the answer */
            expires_in: number;
        };
        /** @description May be empty or absent */
        AccessTokenRequest: {
            /** @description A token that WeChat refused (40001, 42001): forces one refresh if it is still the current one */
            rejected_access_token?: string;
        };
        /** @description An API key; the key itself is shown only once, when it is created */
        ApiKey: {
            /** @description Id of the key; not secret */
            id: string;
            /** @description What the key is for */
            name: string;
            /** @description Beginning of the key, to recognise it by */
            prefix: string;
            /** @description What the key may do */
            scopes: ("platforms:write" | "authorizers:read" | "authorizers:write" | "tokens:issue" | "domains:read" | "domains:snapshot" | "api-ips:read" | "api-ips:snapshot" | "keys:write" | "audit:read")[];
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
            /** @description Id of the key it was rotated to */
            replaced_by: string | null;
        };
        ApiKeyPage: {
            /** @description Keys, newest first */
            items: components["schemas"]["ApiKey"][];
            /** @description Cursor of the next page; null on the last one */
            next_cursor: string | null;
        };
        /** @description Whether one mini program is ready */
        AssertionItem: {
            /** @description authorizer_appid: the appid of the merchant's account */
            authorizer_appid: string;
            /** @description The merchant; null while the account belongs to none */
            merchant_id: string | null;
            /**
             * @description The worst of its domains: `missing`, then `pending`, `unknown`, `covered`
             * @enum {string}
             */
            verdict: "covered" | "pending" | "missing" | "unknown";
            /** @description Latest observation (ISO 8601); null when there was none */
            observed_at: string | null;
            /** @description One verdict for each domain asked */
            domains: {
                /**
                 * @description Purpose of the domains
                 * @enum {string}
                 */
                list: "requestdomain" | "wsrequestdomain" | "uploaddomain" | "downloaddomain" | "udpdomain" | "tcpdomain";
                /** @description The domain as it was asked */
                domain: string;
                /**
                 * @description `covered`: the mini program has the domain in the group asked about. `pending`: it is configured in another group and not in force. `missing`: neither. `unknown`: never observed, or permission set 18 is not granted
                 * @enum {string}
                 */
                verdict: "covered" | "pending" | "missing" | "unknown";
            }[];
        };
        AssertionPage: {
            /** @description Mini programs in state authorized, or the accounts named, in a stable order */
            items: components["schemas"]["AssertionItem"][];
            /** @description Cursor of the next page; null on the last one */
            next_cursor: string | null;
        };
        /** @description Whether the audit trail is as it was written */
        AuditChain: {
            /** @description Events compared in this stretch */
            checked: number;
            /** @description What is not as it was written; empty: the stretch holds */
            problems: {
                /**
                 * @description `altered`: not what was chained. `removed`: not there any more
                 * @enum {string}
                 */
                kind: "altered" | "removed";
                /** @description Number of the link, or of the first of the removed ones */
                seq: number;
                /** @description Number of the last one */
                until_seq: number;
                /** @description The event, where it is there */
                event_id: string | null;
            }[];
            /** @description The end of the chain */
            head: {
                /** @description Number of the newest link */
                seq: number;
                /** @description Its hash; note it elsewhere, and pass it as `expect_seq` and `expect_hash` next time */
                hash: string;
                /**
                 * Format: date-time
                 * @description When it was made (ISO 8601, UTC, milliseconds)
                 */
                chained_at: string;
            };
            /** @description Events older than a minute that have no link yet; more than 0: no process chains */
            waiting: number;
            /** @description Cursor of the next stretch; null at the end */
            next_cursor: string | null;
        };
        /** @description One use of power */
        AuditEvent: {
            /** @description Id of the event */
            id: string;
            /**
             * Format: date-time
             * @description When; for counted events the end of the second they are counted in (ISO 8601, UTC, milliseconds)
             */
            at: string;
            /** @description Who: api_key:<id>, operator:<id>, user:<name>, wechat, system, or nobody (who was not let in) */
            actor: string;
            /** @description What, for instance access_token.issued */
            action: string;
            /** @description On what, for instance authorizer:<appid> */
            subject: string | null;
            /** @description On whose behalf; null: not of one merchant */
            merchant_id: string | null;
            /** @description `ok`, or the code of the refusal */
            outcome: string;
            /** @description Network address of the caller */
            address: string | null;
            /** @description How many alike are counted in this event */
            count: number;
            /** @description More about it; never a secret */
            detail: {
                [key: string]: unknown;
            };
        };
        AuditEventPage: {
            /** @description Events, newest first */
            items: components["schemas"]["AuditEvent"][];
            /** @description Cursor of the next page; null on the last one */
            next_cursor: string | null;
        };
        /** @description A link that a merchant opens to authorize the platform */
        AuthorizationLink: {
            /**
             * Format: uri
             * @description Open this in the browser of the merchant, from a page on the domain of the platform
             */
            url: string;
            /**
             * Format: date-time
             * @description The link is useless after this (ISO 8601, UTC, milliseconds)
             */
            pre_auth_code_expires_at: string;
        };
        /** @description An account whose owner authorized the platform */
        Authorizer: {
            /** @description authorizer_appid: the appid of the merchant's account */
            authorizer_appid: string;
            /** @description component_appid: the appid of the third-party platform */
            component_appid: string;
            /** @description Merchant that it is assigned to; null until it is */
            merchant_id: string | null;
            /**
             * @description Kind of account; `other` also while it is not known yet
             * @enum {string}
             */
            kind: "mini_program" | "official_account" | "other";
            /** @description Name of the account; null until WeChat told it */
            nick_name: string | null;
            /** @description Legal owner of the account; null until WeChat told it */
            principal_name: string | null;
            /**
             * @description `unauthorized`: the merchant withdrew it. `reauthorization_required`: WeChat refuses every refresh token we know
             * @enum {string}
             */
            state: "authorized" | "unauthorized" | "reauthorization_required";
            /** @description Permission sets (权限集) the merchant granted, ascending */
            permission_sets: number[];
            /** @description Whether permission set 18 is granted, which reading domains needs */
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
            /** @description Cursor of the next page; null on the last one */
            next_cursor: string | null;
        };
        /** @description Assigns the authorizer to a merchant */
        AuthorizerPatch: {
            /** @description The merchant it belongs to; null takes it away */
            merchant_id: string | null;
        };
        /** @description The installation's own limit of a path */
        CallBudget: {
            /** @description Path of WeChat's interface, for instance /wxa/get_effective_domain */
            path: string;
            /** @description Calls a day at most, all merchants together */
            per_day: number;
            /** @description Of these, kept for what people wait for: background work stops so much earlier */
            reserve: number;
            /** @description Calls of today, or since the quota was reset today */
            used: number;
            /** @description What is left */
            remaining: number;
            /** @description What is left for background work */
            remaining_background: number;
        };
        /** @description All limits of the platform */
        CallBudgets: {
            /** @description By path */
            items: components["schemas"]["CallBudget"][];
        };
        /** @description Who has a domain: counts of all, and one page */
        Coverage: {
            /** @description Mini programs in a stable order */
            items: components["schemas"]["CoverageItem"][];
            /** @description Cursor of the next page; null on the last one */
            next_cursor: string | null;
            /** @description The domain as it was asked */
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
        /** @description What is known of one domain on one mini program */
        CoverageItem: {
            /** @description authorizer_appid: the appid of the merchant's account */
            authorizer_appid: string;
            /** @description The merchant; null while the account belongs to none */
            merchant_id: string | null;
            /**
             * @description `covered`: the mini program has the domain in the group asked about. `pending`: it is configured in another group and not in force. `missing`: neither. `unknown`: never observed, or permission set 18 is not granted
             * @enum {string}
             */
            verdict: "covered" | "pending" | "missing" | "unknown";
            /** @description Latest observation (ISO 8601); null when there was none */
            observed_at: string | null;
        };
        /** @description The new API key */
        CreatedApiKey: {
            /** @description Id of the key; not secret */
            id: string;
            /** @description What the key is for */
            name: string;
            /** @description Beginning of the key, to recognise it by */
            prefix: string;
            /** @description What the key may do */
            scopes: ("platforms:write" | "authorizers:read" | "authorizers:write" | "tokens:issue" | "domains:read" | "domains:snapshot" | "api-ips:read" | "api-ips:snapshot" | "keys:write" | "audit:read")[];
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
            /** @description Id of the key it was rotated to */
            replaced_by: string | null;
            /** @description The key. Shown this once, stored only as a digest */
            key: string;
        };
        /** @description What a release needs, and of whom */
        DomainAssertion: {
            /** @description What must be in force */
            domains: {
                /**
                 * @description Purpose of the domains
                 * @enum {string}
                 */
                list: "requestdomain" | "wsrequestdomain" | "uploaddomain" | "downloaddomain" | "udpdomain" | "tcpdomain";
                /** @description A domain as WeChat writes it or in any equal spelling; the host alone is enough */
                domain: string;
            }[];
            /** @description Only mini programs of these merchants */
            merchant_ids?: string[];
            /** @description Only these accounts, each with an item: `unknown` where it is no mini program in state authorized that the key may see */
            authorizer_appids?: string[];
            /** @description Evidence older than this counts as `unknown`: an ISO 8601 duration such as PT24H, or whole seconds */
            max_age?: number | string;
            /** @description Ask WeChat first about mini programs of this page without evidence that is young enough */
            fetch_stale?: boolean;
        };
        /** @description How one list changed */
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
            /** @description Domains that are new in the list */
            added: string[];
            /** @description Domains that are gone from the list */
            removed: string[];
        };
        /** @description Difference between two moments */
        DomainDiff: {
            /**
             * Format: date-time
             * @description The earlier moment (ISO 8601, UTC, milliseconds)
             */
            from: string;
            /**
             * Format: date-time
             * @description The later moment (ISO 8601, UTC, milliseconds)
             */
            to: string;
            /** @description What differs; empty when nothing does */
            changes: components["schemas"]["DomainChange"][];
        };
        /** @description A mini program whose configured domains and domains in force differ */
        DomainDrift: {
            /** @description authorizer_appid: the appid of the merchant's account */
            authorizer_appid: string;
            /** @description The merchant; null while the account belongs to none */
            merchant_id: string | null;
            /** @description Configured and not in force */
            pending: {
                /**
                 * @description Purpose of the domains
                 * @enum {string}
                 */
                list: "requestdomain" | "wsrequestdomain" | "uploaddomain" | "downloaddomain" | "udpdomain" | "tcpdomain";
                /** @description Domains in normal form */
                domains: string[];
            }[];
            /** @description In force and not configured */
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
             * @description First observation of the drift that lasts; its domains may have changed since (ISO 8601, UTC, milliseconds)
             */
            since: string;
            /**
             * Format: date-time
             * @description Latest observation of the mini program (ISO 8601, UTC, milliseconds)
             */
            observed_at: string;
        };
        DomainDriftPage: {
            /** @description Mini programs that drift, in a stable order */
            items: components["schemas"]["DomainDrift"][];
            /** @description Cursor of the next page; null on the last one */
            next_cursor: string | null;
        };
        /** @description How near the fleet is to WeChat's limits: the 50 nearest of each kind */
        DomainGauges: {
            /** @description The fullest list of each of the mini programs with the fullest lists */
            lists: {
                /** @description authorizer_appid: the appid of the merchant's account */
                authorizer_appid: string;
                /** @description The merchant; null while the account belongs to none */
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
            /** @description Domains set by the direct way, the most widely used first */
            domains: {
                /** @description Domain in normal form */
                domain: string;
                /** @description Distinct principals that have it in `direct_domain` */
                count: number;
                /** @description WeChat's limit */
                limit: number;
                /**
                 * Format: date-time
                 * @description The oldest of the observations behind the count (ISO 8601, UTC, milliseconds)
                 */
                observed_at: string;
            }[];
            /** @description Mini programs in whose `third_domain` or `direct_domain` the most often a domain was seen to come or go this month */
            edits: {
                /** @description authorizer_appid: the appid of the merchant's account */
                authorizer_appid: string;
                /** @description The merchant; null while the account belongs to none */
                merchant_id: string | null;
                /** @description Edits seen this month */
                count: number;
                /** @description WeChat's limit */
                limit: number;
                /**
                 * @description Edits between two observations are seen as one; an edit seen first this month that may be from before it is none
                 * @constant
                 */
                lower_bound: true;
                /**
                 * Format: date-time
                 * @description Begin of the month in Beijing (ISO 8601, UTC, milliseconds)
                 */
                since: string;
                /**
                 * Format: date-time
                 * @description Latest observation of the mini program (ISO 8601, UTC, milliseconds)
                 */
                observed_at: string;
            }[];
            /** @description Domains in force that are not in the platform's own published list: a release drops them, except where they are in `direct_domain`, which needs no such list. null: unknown, because that list was never fetched or is not to be seen */
            at_risk: {
                /** @description Domain in normal form */
                domain: string;
                /**
                 * @description Purpose of the domains
                 * @enum {string}
                 */
                list: "requestdomain" | "wsrequestdomain" | "uploaddomain" | "downloaddomain" | "udpdomain" | "tcpdomain";
                /** @description Mini programs that have it in force and not in `direct_domain` */
                count: number;
                /** @description There is none */
                limit: null;
                /**
                 * Format: date-time
                 * @description Latest fetch of the platform's own list (ISO 8601, UTC, milliseconds)
                 */
                observed_at: string;
            }[] | null;
        };
        /** @description Domains by group and list. What WeChat did not send is absent; an empty list is an empty list */
        Domains: {
            [key: string]: {
                [key: string]: string[];
            };
        };
        /** @description The domains of a mini program at one moment */
        DomainsAt: {
            /**
             * Format: date-time
             * @description The moment asked about (ISO 8601, UTC, milliseconds)
             */
            at: string;
            /**
             * @description `observed`: the same before and after the moment. `between_observations`: it may have changed around it. `unknown`: nothing is known of that moment
             * @enum {string}
             */
            certainty: "observed" | "between_observations" | "unknown";
            observed_before: string | null;
            observed_after: string | null;
            /** @description As observed last before the moment; null when there was no observation */
            domains: components["schemas"]["Domains"] | null;
        };
        FieldError: {
            /**
             * @description Part of the request that holds the field
             * @enum {string}
             */
            in?: "path" | "query" | "body" | "header";
            /** @description Name of the field; members of objects and lists are joined by dots (`merchant_ids.0`) */
            path: string;
            /** @description What is wrong with it */
            message: string;
        };
        /** @description How one list of one mini program changed */
        FleetChange: {
            /** @description authorizer_appid: the appid of the merchant's account */
            authorizer_appid: string;
            /** @description The merchant; null while the account belongs to none */
            merchant_id: string | null;
            /** @description The snapshot that begins with the change */
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
            /** @description Domains that are new in the list, in normal form */
            added: string[];
            /** @description Domains that are gone from the list, in normal form */
            removed: string[];
        };
        FleetChangePage: {
            /** @description Changes, newest first */
            items: components["schemas"]["FleetChange"][];
            /** @description Cursor of the next page; null on the last one */
            next_cursor: string | null;
        };
        /** @description State of the process */
        Health: {
            /**
             * @description `ok`, or not
             * @enum {string}
             */
            status: "ok" | "unavailable";
            /** @description What is missing */
            reason?: string;
        };
        /** @description How a key is replaced */
        KeyRotation: {
            /**
             * @description How long the old key goes on, no longer than it would have; 0: it ends at once
             * @default 86400
             */
            overlap_seconds: number;
        };
        /** @description The latest failure since the last success */
        LastFailure: {
            /**
             * Format: date-time
             * @description When it happened (ISO 8601, UTC, milliseconds)
             */
            at: string;
            /** @description Stable code, as in a problem document */
            code: string;
            /** @description What WeChat said; null when it did not say anything readable */
            wechat: components["schemas"]["WechatFailure"] | null;
        };
        /** @description One stay of a domain in a list */
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
            /** @description Cursor of the next page; null on the last one */
            next_cursor: string | null;
        };
        /** @description All secrets sealed anew under the first master key */
        MasterKeyRotation: {
            /** @description Id of this rotation */
            id: string;
            /** @description The master key that everything is sealed under: the first in MASTER_KEYS */
            key_id: string;
            /**
             * @description `running` until every value was sealed anew; it goes on after a crash. `incomplete`: some process still seals under another key. `failed`: see reason
             * @enum {string}
             */
            state: "running" | "done" | "incomplete" | "failed";
            /** @description Why it is incomplete or failed */
            reason: string | null;
            /** @description Rows to seal anew; null until a worker has counted them */
            total: number | null;
            /** @description Rows sealed anew so far */
            resealed: number;
            /** @description Rows under other keys at the end; null until then */
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
            /** @description Id of the key that this process seals with: the first in its MASTER_KEYS */
            encrypts_with: string;
            /** @description Keys in MASTER_KEYS, and keys in use. One with 0 values may be taken out of MASTER_KEYS */
            keys: {
                /** @description Id of the key */
                key_id: string;
                /** @description Sealed values under it */
                values: number;
                /** @description Whether it is in MASTER_KEYS of this process */
                known: boolean;
            }[];
        };
        /** @description Who is asking */
        Me: {
            /**
             * @description What asks
             * @enum {string}
             */
            kind: "api_key" | "user";
            /** @description As in the audit trail: api_key:<id>, operator:<id> or user:<name> */
            name: string;
            /** @description Role of the user; null for a key */
            role: ("viewer" | "admin" | "operator") | null;
            /** @description The platform; null: the whole installation */
            component_appid: string | null;
            /** @description What it may do */
            scopes: ("platforms:write" | "authorizers:read" | "authorizers:write" | "tokens:issue" | "domains:read" | "domains:snapshot" | "api-ips:read" | "api-ips:snapshot" | "keys:write" | "audit:read")[];
            /** @description Merchants it is limited to; null: all */
            merchant_ids: string[] | null;
            /** @description To be sent as `X-CSRF-Token` with every call that changes something by cookie; null for a key */
            csrf_token: string | null;
        };
        /** @description A merchant of the platform */
        Merchant: {
            /** @description merchant_id: the provider's own id of the merchant */
            merchant_id: string;
            /** @description Name of the merchant, for people */
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
                /** @description Path of WeChat's interface, for instance /wxa/get_effective_domain */
                path: string;
                /** @description Calls */
                calls: number;
                /** @description Of these, answered with an error or not at all */
                errors: number;
            }[];
        };
        MerchantPage: {
            /** @description Merchants by merchant_id */
            items: components["schemas"]["Merchant"][];
            /** @description Cursor of the next page; null on the last one */
            next_cursor: string | null;
        };
        /** @description The new name of the merchant */
        MerchantPatch: {
            /** @description Name of the merchant, for people */
            name: string;
        };
        /** @description A key to create */
        NewApiKey: {
            /** @description What the key is for */
            name: string;
            /** @description What the key may do; no more than the key that creates it */
            scopes: ("platforms:write" | "authorizers:read" | "authorizers:write" | "tokens:issue" | "domains:read" | "domains:snapshot" | "api-ips:read" | "api-ips:snapshot" | "keys:write" | "audit:read")[];
            /** @description Limits the key to these merchants; absent: no limit beyond that of the key that creates it */
            merchant_ids?: string[];
            /**
             * Format: date-time
             * @description The key is refused from then on; to come, and no later than the key that creates it. Absent: as that key (ISO 8601 with offset, for instance 2026-01-31T08:00:00.000Z)
             */
            expires_at?: string;
        };
        /** @description A link that a merchant opens to authorize the platform */
        NewAuthorizationLink: {
            /** @description merchant_id: the provider's own id of the merchant */
            merchant_id: string;
            /**
             * @description `pc` shows a QR code; `mobile` is for the browser inside WeChat
             * @enum {string}
             */
            page: "pc" | "mobile";
            /** @description Which accounts are offered: 1 official accounts, 2 mini programs, 3 both, 4 mini program promoter, 5 channels, 6 all, 8 sales assistants */
            auth_type?: 1 | 2 | 3 | 4 | 5 | 6 | 8;
            /** @description Limits the page to this account; wins over auth_type */
            authorizer_appid?: string;
            /** @description Permission sets to ask for; absent: what the platform has published */
            permission_sets?: number[];
            /** @description Where the merchant is sent after authorizing; absent: a page of the hub */
            return_url?: string;
        };
        /** @description The limit of a path */
        NewCallBudget: {
            /** @description Path of WeChat's interface, for instance /wxa/get_effective_domain */
            path: string;
            /** @description Calls a day at most, all merchants together; null: no limit */
            per_day: number | null;
            /**
             * @description Of these, kept for what people wait for: background work stops so much earlier
             * @default 0
             */
            reserve: number;
        };
        /** @description A merchant of the platform */
        NewMerchant: {
            /** @description merchant_id: the provider's own id of the merchant */
            merchant_id: string;
            /** @description Name of the merchant, for people */
            name: string;
        };
        /** @description A third-party platform to look after */
        NewPlatform: {
            /** @description component_appid: the appid of the third-party platform */
            component_appid: string;
            /** @description component_appsecret, from the platform's development page. Never returned */
            component_appsecret: string;
            /** @description The token that signs pushes (消息校验Token). Never returned */
            token: string;
            /** @description EncodingAESKey (消息加解密Key). Never returned */
            encoding_aes_key: string;
            /** @description Name for people */
            name: string;
        };
        /** @description One of WeChat's ten resets of the month */
        NewQuotaReset: {
            /** @description The account whose quota is reset; absent: the platform's own, the token calls among it */
            authorizer_appid?: string;
            /** @description Repeats the appid whose quota is reset, so that nothing is reset by mistake */
            confirm: string;
        };
        /** @description How to compare */
        NewReconciliation: {
            /** @description True: you know why the list of WeChat is so much shorter than before, or why it names others, so neither stops this run. Each account that is not listed is still asked about alone before it is marked; an empty list stops it all the same */
            accept_shrunk_list?: boolean;
        };
        /** @description How the history is thinned */
        NewRetentionRun: {
            /** @description Snapshots that ended less long ago are all kept; at least P30D */
            keep_all: string;
            /**
             * @description Of older ones, the last in every span of this length is kept; at least P1D
             * @default P30D
             */
            thin_to: string;
        };
        /** @description A login */
        NewSession: {
            /** @description Name to log in with */
            username: string;
            /** @description Password */
            password: string;
        };
        /** @description A console user to make */
        NewUser: {
            /** @description Name to log in with */
            username: string;
            /** @description Password, 12 to 256 characters. Never returned */
            password: string;
            /**
             * @description `viewer` reads, `admin` does everything on one platform, `operator` on the whole installation
             * @enum {string}
             */
            role: "viewer" | "admin" | "operator";
            /** @description The platform of a viewer or admin; absent for an operator, and for the only platform that a caller has */
            component_appid?: string;
        };
        /** @description A path that waits because WeChat said so */
        ParkedPath: {
            /** @description Whose quota it is; null: the platform's own */
            authorizer_appid: string | null;
            /** @description Path of WeChat's interface, for instance /wxa/get_effective_domain */
            path: string;
            /** @description 45009: the day's quota is used up. 45011: too many calls in a minute */
            errcode: number;
            /**
             * Format: date-time
             * @description When WeChat said so (ISO 8601, UTC, milliseconds)
             */
            parked_at: string;
            /**
             * Format: date-time
             * @description Until when the path is not called, at the latest (ISO 8601, UTC, milliseconds)
             */
            parked_until: string;
            next_probe_at: string | null;
            /** @description How many times in a row */
            strikes: number;
        };
        /** @description A third-party platform */
        Platform: {
            /** @description component_appid: the appid of the third-party platform */
            component_appid: string;
            /** @description Name for people */
            name: string;
            /**
             * Format: uri
             * @description 授权事件接收URL: enter it on the development page of the platform
             */
            events_url: string;
            /** @description 消息与事件接收URL; `$APPID$` is replaced by WeChat */
            messages_url: string;
            /**
             * Format: uri
             * @description Where the authorization page sends the merchant back to
             */
            redirect_url: string;
            ticket_received_at: string | null;
            ticket_expires_at: string | null;
            component_access_token_expires_at: string | null;
            /**
             * @description `awaiting_ticket`: WeChat has not pushed a ticket yet. `ready`. `ticket_stale`: pushes have stopped. `misconfigured`: WeChat refuses the platform's secret or address
             * @enum {string}
             */
            state: "awaiting_ticket" | "ready" | "ticket_stale" | "misconfigured";
            /**
             * Format: date-time
             * @description When it was registered (ISO 8601, UTC, milliseconds)
             */
            created_at: string;
        };
        PlatformPage: {
            /** @description Platforms, oldest first */
            items: components["schemas"]["Platform"][];
            /** @description Cursor of the next page; null on the last one */
            next_cursor: string | null;
        };
        /** @description What to change. After a change of token or key, the ones before stay valid for incoming pushes */
        PlatformPatch: {
            /** @description Name for people */
            name?: string;
            /** @description component_appsecret, from the platform's development page. Never returned */
            component_appsecret?: string;
            /** @description The token that signs pushes (消息校验Token). Never returned */
            token?: string;
            /** @description EncodingAESKey (消息加解密Key). Never returned */
            encoding_aes_key?: string;
        };
        /** @description A problem document (RFC 9457) */
        Problem: {
            /** @description URI of the kind of problem: `urn:wxfleet:problem:<code>` */
            type: string;
            /** @description What this code means, in a sentence */
            title: string;
            /** @description HTTP status, repeated */
            status: number;
            /**
             * @description Stable machine name; decide on this
             * @enum {string}
             */
            code: "invalid_request" | "unauthenticated" | "forbidden" | "not_found" | "method_not_allowed" | "not_acceptable" | "request_timeout" | "conflict" | "permission_set_missing" | "authorizer_not_authorized" | "reauthorization_required" | "payload_too_large" | "uri_too_long" | "unsupported_media_type" | "rate_limited" | "headers_too_large" | "internal" | "upstream_failed" | "ticket_unavailable" | "platform_misconfigured" | "upstream_busy" | "upstream_quota_exhausted" | "unavailable";
            /** @description What went wrong this time */
            detail?: string;
            /** @description Id of this occurrence; the log line has the same */
            instance: string;
            /** @description `invalid_request`: the wrong fields */
            errors?: components["schemas"]["FieldError"][];
            /** @description `permission_set_missing`: the set that is not granted */
            permission_set_id?: number;
            /** @description Upstream failures: what WeChat said */
            wechat?: components["schemas"]["WechatFailure"];
        } & {
            [key: string]: unknown;
        };
        /** @description A push of WeChat. What it says stays sealed: it may hold an authorization code */
        Push: {
            /** @description Id of the push */
            id: string;
            /** @description WeChat's InfoType, for instance authorized */
            info_type: string;
            /** @description The account it is about; null: the platform itself */
            authorizer_appid: string | null;
            /**
             * @description `pending`: waits, or is being tried again. `handled`. `superseded`: outrun by something newer. `unhandled`: nothing here knows what to do with it. `failed`: given up after many tries
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
             * @description When it came here (ISO 8601, UTC, milliseconds)
             */
            received_at: string;
            handled_at: string | null;
            /** @description How many times it was tried */
            attempts: number;
            /** @description Why it waits or was given up */
            failure: {
                /** @description Stable code, where there is one */
                code: string | null;
                /** @description What went wrong at the latest try */
                message: string;
            } | null;
        };
        /** @description What has been received and not dealt with */
        PushBacklog: {
            /** @description Pushes that wait */
            pending: number;
            /** @description For how long the oldest of them has waited; 0 when none does */
            oldest_seconds: number;
            /** @description Pushes that were given up and can be replayed */
            failed: number;
        };
        PushPage: {
            /** @description Pushes, newest first */
            items: components["schemas"]["Push"][];
            /** @description Cursor of the next page; null on the last one */
            next_cursor: string | null;
        };
        /** @description How a platform stands with the quotas of WeChat */
        Quota: {
            /**
             * Format: date
             * @description The day in Beijing that is counted
             */
            day: string;
            /**
             * Format: date-time
             * @description When that day ends (ISO 8601, UTC, milliseconds)
             */
            resets_at: string;
            /** @description What waits: the platform's own paths first, 500 at most */
            parks: components["schemas"]["ParkedPath"][];
            /** @description How many wait, all of them */
            parked_count: number;
            /** @description Calls of the day by path; about a second old */
            calls: {
                /** @description Path of WeChat's interface, for instance /wxa/get_effective_domain */
                path: string;
                /** @description Calls */
                calls: number;
                /** @description Of these, answered with an error or not at all */
                errors: number;
            }[];
            /** @description Limits of our own and how far they are used */
            budgets: components["schemas"]["CallBudget"][];
        };
        /** @description WeChat counts anew */
        QuotaReset: {
            /** @description Whose quota was reset */
            appid: string;
            /** @description Paths that waited and may be called again */
            lifted: number;
        };
        /** @description A comparison with the authorizer list of WeChat */
        Reconciliation: {
            /** @description Id of this reconciliation */
            id: string;
            /**
             * @description `stopped`: what WeChat listed was implausible, nothing was marked; see reason
             * @enum {string}
             */
            state: "running" | "done" | "stopped" | "failed";
            /** @description Why it stopped or failed */
            reason: string | null;
            /** @description Authorizers in the list of WeChat; null before its first page */
            total: number | null;
            /** @description Of these, how many have been compared so far */
            listed: number;
            /** @description Unknown here before */
            created: number;
            /** @description Known, but with state or refresh token repaired */
            recovered: number;
            /** @description As we had it */
            unchanged: number;
            /** @description Authorized here, no longer listed, confirmed by asking WeChat */
            marked_unauthorized: number;
            /** @description Listed without a refresh token */
            without_refresh_token: number;
            /** @description Could not be repaired */
            failed: number;
            /**
             * Format: date-time
             * @description Start (ISO 8601, UTC, milliseconds)
             */
            started_at: string;
            finished_at: string | null;
        };
        /** @description A thinning of the domain history of a platform */
        RetentionRun: {
            /** @description Id of this run */
            id: string;
            /**
             * @description A run that is interrupted goes on by itself
             * @enum {string}
             */
            state: "running" | "done";
            /** @description Snapshots that ended less long ago are all kept */
            keep_all: string;
            /** @description Of older ones, the last in every span of this length is kept */
            thin_to: string;
            /** @description Mini programs when it began */
            total: number;
            /** @description Mini programs that it has been through */
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
        /** @description The domains of a mini program over a time in which they did not change */
        Snapshot: {
            /** @description Id of the snapshot */
            id: string;
            /** @description authorizer_appid: the appid of the merchant's account */
            authorizer_appid: string;
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
            domains: components["schemas"]["Domains"];
            /** @description Differences to the snapshot before; all of it for the first one */
            changes: components["schemas"]["DomainChange"][];
        };
        SnapshotPage: {
            /** @description Snapshots, newest first */
            items: components["schemas"]["Snapshot"][];
            /** @description Cursor of the next page; null on the last one */
            next_cursor: string | null;
        };
        /** @description Work that has been started or was already running */
        Started: {
            /** @description Id to ask for progress with */
            id: string;
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
            /** @description Mini programs in all; while it runs, as many as are expected */
            total: number;
            /** @description Domains differed from the latest snapshot (or it was the first) */
            changed: number;
            /** @description Domains as before */
            unchanged: number;
            /** @description Not asked, because permission set 18 is not granted */
            skipped_permission: number;
            /** @description Could not be read */
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
            /** @description Cursor of the next page; null on the last one */
            next_cursor: string | null;
        };
        /** @description A console user */
        User: {
            /** @description Name to log in with */
            username: string;
            /**
             * @description `viewer` reads, `admin` does everything on one platform, `operator` on the whole installation
             * @enum {string}
             */
            role: "viewer" | "admin" | "operator";
            /** @description The platform; null for an operator */
            component_appid: string | null;
            /**
             * Format: date-time
             * @description When the user was made (ISO 8601, UTC, milliseconds)
             */
            created_at: string;
            /** @description Who made the user */
            created_by: string;
            disabled_at: string | null;
            last_login_at: string | null;
        };
        UserPage: {
            /** @description Users, by name */
            items: components["schemas"]["User"][];
            /** @description Cursor of the next page; null on the last one */
            next_cursor: string | null;
        };
        /** @description What to change. Every change ends the sessions of the user */
        UserPatch: {
            /**
             * @description `viewer` reads, `admin` does everything on one platform, `operator` on the whole installation
             * @enum {string}
             */
            role?: "viewer" | "admin" | "operator";
            /** @description Password, 12 to 256 characters. Never returned */
            password?: string;
            /** @description Whether the user is kept out */
            disabled?: boolean;
        };
        /** @description The answer of WeChat behind this */
        WechatFailure: {
            /** @description WeChat's errcode */
            errcode: number;
            /** @description WeChat's errmsg, as it came */
            errmsg: string;
            /** @description WeChat's request id, for its support */
            rid?: string | null;
        };
        /** @description A list of addresses over a time in which it did not change */
        WechatIpSnapshot: {
            /** @description Id of the snapshot */
            id: string;
            /**
             * @description `api-domain`: addresses of the API servers (get_api_domain_ip). `callback`: addresses that pushes come from (getcallbackip)
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
             * @description Last observation of this list so far (ISO 8601, UTC, milliseconds)
             */
            last_observed_at: string;
            /** @description How often it was observed without change */
            observations: number;
            /** @description Changes exactly when the list changes */
            sync_token: string;
            /** @description Addresses and CIDR ranges, without duplicates */
            ip_list: string[];
            /** @description New against the snapshot before */
            added: string[];
            /** @description Gone against the snapshot before */
            removed: string[];
        };
        WechatIpSnapshotPage: {
            /** @description Snapshots, newest first */
            items: components["schemas"]["WechatIpSnapshot"][];
            /** @description Cursor of the next page; null on the last one */
            next_cursor: string | null;
        };
        /** @description WeChat's addresses of one kind */
        WechatIps: {
            /**
             * @description `api-domain`: addresses of the API servers (get_api_domain_ip). `callback`: addresses that pushes come from (getcallbackip)
             * @enum {string}
             */
            kind: "api-domain" | "callback";
            /**
             * Format: date-time
             * @description Latest observation of this list (ISO 8601, UTC, milliseconds)
             */
            observed_at: string;
            /** @description Whether the latest observation is older than two intervals */
            stale: boolean;
            /** @description Changes exactly when the list changes */
            sync_token: string;
            /** @description Addresses and CIDR ranges, without duplicates */
            ip_list: string[];
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
                /** @description Items on one page at most */
                limit?: number;
                /** @description `next_cursor` of the page before; absent for the first page */
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
                    "application/json": components["schemas"]["PlatformPage"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description A third-party platform to look after */
        requestBody: {
            content: {
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
                    "application/json": components["schemas"]["Platform"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description component_appid: the appid of the third-party platform */
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
                    "application/json": components["schemas"]["Platform"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
            };
            cookie?: never;
        };
        /** @description What to change. After a change of token or key, the ones before stay valid for incoming pushes */
        requestBody: {
            content: {
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
                    "application/json": components["schemas"]["Platform"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description Items on one page at most */
                limit?: number;
                /** @description `next_cursor` of the page before; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description component_appid: the appid of the third-party platform */
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
                    "application/json": components["schemas"]["MerchantPage"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
            header?: never;
            path: {
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
            };
            cookie?: never;
        };
        /** @description A merchant of the platform */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMerchant"];
            };
        };
        responses: {
            /** @description The merchant */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Merchant"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
                /** @description merchant_id: the provider's own id of the merchant */
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
                    "application/json": components["schemas"]["Merchant"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
                /** @description merchant_id: the provider's own id of the merchant */
                merchant_id: string;
            };
            cookie?: never;
        };
        /** @description The new name of the merchant */
        requestBody: {
            content: {
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
                    "application/json": components["schemas"]["Merchant"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
            header?: never;
            path: {
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
            };
            cookie?: never;
        };
        /** @description A link that a merchant opens to authorize the platform */
        requestBody: {
            content: {
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
                    "application/json": components["schemas"]["AuthorizationLink"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_failed`: WeChat refused the call or answered with something unreadable */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping. `ticket_unavailable`: WeChat has not pushed a usable component_verify_ticket yet. `platform_misconfigured`: WeChat refuses the platform's own credentials or address. `upstream_busy`: WeChat does not answer or asks to wait. `upstream_quota_exhausted`: WeChat's call quota is used up */
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
                /** @description Items on one page at most */
                limit?: number;
                /** @description `next_cursor` of the page before; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description component_appid: the appid of the third-party platform */
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
                    "application/json": components["schemas"]["ApiKeyPage"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
            header?: never;
            path: {
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
            };
            cookie?: never;
        };
        /** @description A key to create */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewApiKey"];
            };
        };
        responses: {
            /** @description The key, shown this once */
            201: {
                headers: {
                    /** @description always `no-store` */
                    "Cache-Control"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedApiKey"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
            query?: never;
            header?: never;
            path: {
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
                /** @description Id of the key */
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
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
            header?: never;
            path: {
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
                /** @description Id of the key to replace */
                id: string;
            };
            cookie?: never;
        };
        /** @description How a key is replaced */
        requestBody?: {
            content: {
                "application/json": components["schemas"]["KeyRotation"];
            };
        };
        responses: {
            /** @description The new key, shown this once */
            201: {
                headers: {
                    /** @description always `no-store` */
                    "Cache-Control"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedApiKey"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: The request contradicts the present state */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description Not before this moment (ISO 8601 with offset, for instance 2026-01-31T08:00:00.000Z) */
                from?: string;
                /** @description Before this moment (ISO 8601 with offset, for instance 2026-01-31T08:00:00.000Z) */
                to?: string;
                /** @description Only by this actor, for instance api_key:<id> */
                actor?: string;
                /** @description Only this action, for instance access_token.issued */
                action?: string;
                /** @description Only on this, for instance authorizer:<appid> */
                subject?: string;
                /** @description Items on one page at most */
                limit?: number;
                /** @description `next_cursor` of the page before; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description component_appid: the appid of the third-party platform */
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
                    "application/json": components["schemas"]["AuditEventPage"];
                    "text/csv": string;
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description Events to check at most */
                limit?: number;
                /** @description `next_cursor` of the page before; absent for the first page */
                cursor?: string;
                /** @description Number of a link that was noted before */
                expect_seq?: number;
                /** @description Hash of that link */
                expect_hash?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was found */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditChain"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description Part of appid, nick name or principal name, any letter case */
                q?: string;
                /** @description Items on one page at most */
                limit?: number;
                /** @description `next_cursor` of the page before; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description component_appid: the appid of the third-party platform */
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
                    "application/json": components["schemas"]["AuthorizerPage"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
                /** @description authorizer_appid: the appid of the merchant's account */
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
                    "application/json": components["schemas"]["Authorizer"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
                /** @description authorizer_appid: the appid of the merchant's account */
                authorizer_appid: string;
            };
            cookie?: never;
        };
        /** @description Assigns the authorizer to a merchant */
        requestBody: {
            content: {
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
                    "application/json": components["schemas"]["Authorizer"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
                /** @description authorizer_appid: the appid of the merchant's account */
                authorizer_appid: string;
            };
            cookie?: never;
        };
        /** @description May be empty or absent */
        requestBody?: {
            content: {
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
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `authorizer_not_authorized`: The merchant has withdrawn the authorization. `reauthorization_required`: WeChat refuses every refresh token: the merchant must authorize again */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_failed`: WeChat refused the call or answered with something unreadable */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping. `ticket_unavailable`: WeChat has not pushed a usable component_verify_ticket yet. `platform_misconfigured`: WeChat refuses the platform's own credentials or address. `upstream_busy`: WeChat does not answer or asks to wait. `upstream_quota_exhausted`: WeChat's call quota is used up */
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
            header?: never;
            path: {
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
            };
            cookie?: never;
        };
        /** @description How to compare */
        requestBody?: {
            content: {
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
                    "application/json": components["schemas"]["Started"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
                /** @description Id of the reconciliation */
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
                    "application/json": components["schemas"]["Reconciliation"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description Only snapshots last observed at or after this moment (ISO 8601 with offset, for instance 2026-01-31T08:00:00.000Z) */
                from?: string;
                /** @description Only snapshots first observed before this moment (ISO 8601 with offset, for instance 2026-01-31T08:00:00.000Z) */
                to?: string;
                /** @description Items on one page at most */
                limit?: number;
                /** @description `next_cursor` of the page before; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
                /** @description authorizer_appid: the appid of the merchant's account */
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
                    "application/json": components["schemas"]["SnapshotPage"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
            header?: never;
            path: {
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
                /** @description authorizer_appid: the appid of the merchant's account */
                authorizer_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The domains are those of the latest snapshot, which now ends later */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Snapshot"];
                };
            };
            /** @description The domains differ from the latest snapshot: a new one */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Snapshot"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `permission_set_missing`: The merchant has not granted the permission set that this needs. `authorizer_not_authorized`: The merchant has withdrawn the authorization. `reauthorization_required`: WeChat refuses every refresh token: the merchant must authorize again */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_failed`: WeChat refused the call or answered with something unreadable */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping. `ticket_unavailable`: WeChat has not pushed a usable component_verify_ticket yet. `platform_misconfigured`: WeChat refuses the platform's own credentials or address. `upstream_busy`: WeChat does not answer or asks to wait. `upstream_quota_exhausted`: WeChat's call quota is used up */
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
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
                /** @description Id of the snapshot */
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
                    "application/json": components["schemas"]["Snapshot"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
                /** @description Id of the snapshot */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Byte for byte what WeChat sent */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description The moment; absent: now (ISO 8601 with offset, for instance 2026-01-31T08:00:00.000Z) */
                at?: string;
            };
            header?: never;
            path: {
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
                /** @description authorizer_appid: the appid of the merchant's account */
                authorizer_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is known of that moment */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DomainsAt"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description The earlier moment (ISO 8601 with offset, for instance 2026-01-31T08:00:00.000Z) */
                from: string;
                /** @description The later moment; absent: now (ISO 8601 with offset, for instance 2026-01-31T08:00:00.000Z) */
                to?: string;
            };
            header?: never;
            path: {
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
                /** @description authorizer_appid: the appid of the merchant's account */
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
                    "application/json": components["schemas"]["DomainDiff"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description Only this domain, in any equal spelling */
                domain?: string;
                /** @description Items on one page at most */
                limit?: number;
                /** @description `next_cursor` of the page before; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
                /** @description authorizer_appid: the appid of the merchant's account */
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
                    "application/json": components["schemas"]["LifespanPage"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description Items on one page at most */
                limit?: number;
                /** @description `next_cursor` of the page before; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description component_appid: the appid of the third-party platform */
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
                    "application/json": components["schemas"]["SweepPage"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
            header?: never;
            path: {
                /** @description component_appid: the appid of the third-party platform */
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
                    "application/json": components["schemas"]["Started"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
                /** @description Id of the sweep */
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
                    "application/json": components["schemas"]["Sweep"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description A domain as WeChat writes it or in any equal spelling; the host alone is enough */
                domain: string;
                /** @description Purpose of the domains */
                list: "requestdomain" | "wsrequestdomain" | "uploaddomain" | "downloaddomain" | "udpdomain" | "tcpdomain";
                /** @description The group that must have it */
                group?: "mp_domain" | "third_domain" | "direct_domain" | "effective_domain";
                /** @description Only mini programs with this verdict; the counts stay those of all */
                verdict?: "covered" | "pending" | "missing" | "unknown";
                /** @description Items on one page at most */
                limit?: number;
                /** @description `next_cursor` of the page before; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Counts of all, and one page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Coverage"];
                    "text/csv": string;
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description Items on one page at most */
                limit?: number;
                /** @description `next_cursor` of the page before; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description component_appid: the appid of the third-party platform */
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
                    "application/json": components["schemas"]["DomainDriftPage"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description Only changes observed at or after this moment (ISO 8601 with offset, for instance 2026-01-31T08:00:00.000Z) */
                from?: string;
                /** @description Only changes observed at or before this moment (ISO 8601 with offset, for instance 2026-01-31T08:00:00.000Z) */
                to?: string;
                /** @description Only this group */
                group?: "mp_domain" | "third_domain" | "direct_domain" | "effective_domain";
                /** @description Only this list */
                list?: "requestdomain" | "wsrequestdomain" | "uploaddomain" | "downloaddomain" | "udpdomain" | "tcpdomain";
                /** @description Only changes that add or remove this domain, in any equal spelling */
                domain?: string;
                /** @description Only mini programs of this merchant */
                merchant_id?: string;
                /** @description Items on one page at most */
                limit?: number;
                /** @description `next_cursor` of the page before; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description component_appid: the appid of the third-party platform */
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
                    "application/json": components["schemas"]["FleetChangePage"];
                    "text/csv": string;
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The gauges */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DomainGauges"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description Items on one page at most */
                limit?: number;
                /** @description `next_cursor` of the page before; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
            };
            cookie?: never;
        };
        /** @description What a release needs, and of whom */
        requestBody: {
            content: {
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
                    "application/json": components["schemas"]["AssertionPage"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description The moment; absent: now (ISO 8601 with offset, for instance 2026-01-31T08:00:00.000Z) */
                at?: string;
                /** @description `text`: one address or range a line */
                format?: "json" | "text";
            };
            header?: {
                /** @description ETag of the answer that you have */
                "If-None-Match"?: string;
            };
            path: {
                /** @description `api-domain`: addresses of the API servers (get_api_domain_ip). `callback`: addresses that pushes come from (getcallbackip) */
                kind: "api-domain" | "callback";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The list */
            200: {
                headers: {
                    /** @description Changes when the answer changes */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WechatIps"];
                };
            };
            /** @description As in the answer that you have */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description Items on one page at most */
                limit?: number;
                /** @description `next_cursor` of the page before; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description `api-domain`: addresses of the API servers (get_api_domain_ip). `callback`: addresses that pushes come from (getcallbackip) */
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
                    "application/json": components["schemas"]["WechatIpSnapshotPage"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
            header?: never;
            path: {
                /** @description `api-domain`: addresses of the API servers (get_api_domain_ip). `callback`: addresses that pushes come from (getcallbackip) */
                kind: "api-domain" | "callback";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As before: the latest snapshot, which now ends later */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WechatIpSnapshot"];
                };
            };
            /** @description Changed: a new snapshot */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WechatIpSnapshot"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_failed`: WeChat refused the call or answered with something unreadable */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping. `ticket_unavailable`: WeChat has not pushed a usable component_verify_ticket yet. `platform_misconfigured`: WeChat refuses the platform's own credentials or address. `upstream_busy`: WeChat does not answer or asks to wait. `upstream_quota_exhausted`: WeChat's call quota is used up */
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
                /** @description Ignored, as WeChat says */
                signature?: string;
            };
            header?: never;
            path: {
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
            };
            cookie?: never;
        };
        /** @description XML envelope, whatever its media type */
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
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description Ignored, as WeChat says */
                signature?: string;
            };
            header?: never;
            path: {
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
                /** @description authorizer_appid: the appid of the merchant's account */
                authorizer_appid: string;
            };
            cookie?: never;
        };
        /** @description XML envelope, whatever its media type */
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
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
    finishAuthorization: {
        parameters: {
            query: {
                /** @description The authorization code */
                auth_code: string;
                /** @description Seconds that the code lives */
                expires_in?: number;
                /** @description Ties the redirect to its link */
                state?: string;
            };
            header?: never;
            path: {
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page for people */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description To the `return_url` of the link */
            302: {
                headers: {
                    /** @description The `return_url` */
                    Location?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A page that says what is wrong (a problem document with `Accept: application/json`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_failed`: WeChat refused the call or answered with something unreadable */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping. `upstream_busy`: WeChat does not answer or asks to wait. `ticket_unavailable`: WeChat has not pushed a usable component_verify_ticket yet */
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
            /** @description It does */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
            /** @description It can */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It cannot; `reason` says why */
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
            /** @description `invalid_request`: The request does not match its description */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description `invalid_request`: The request does not match its description */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
            /** @description A page for people */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description `invalid_request`: The request does not match its description */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                "application/json": components["schemas"]["NewSession"];
            };
        };
        responses: {
            /** @description Logged in */
            201: {
                headers: {
                    /** @description The session */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
            /** @description Logged out, in every process */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
            /** @description A key or a user */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description Items on one page at most */
                limit?: number;
                /** @description `next_cursor` of the page before; absent for the first page */
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
                    "application/json": components["schemas"]["UserPage"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description A console user to make */
        requestBody: {
            content: {
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
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description Name to log in with */
                username: string;
            };
            cookie?: never;
        };
        /** @description What to change. Every change ends the sessions of the user */
        requestBody: {
            content: {
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
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description component_appid: the appid of the third-party platform */
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
                    "application/json": components["schemas"]["Quota"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
            };
            cookie?: never;
        };
        /** @description The limit of a path */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCallBudget"];
            };
        };
        responses: {
            /** @description All budgets as they are now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallBudgets"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
            };
            cookie?: never;
        };
        /** @description One of WeChat's ten resets of the month */
        requestBody: {
            content: {
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
                    "application/json": components["schemas"]["QuotaReset"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_failed`: WeChat refused the call or answered with something unreadable */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping. `platform_misconfigured`: WeChat refuses the platform's own credentials or address. `upstream_busy`: WeChat does not answer or asks to wait. `upstream_quota_exhausted`: WeChat's call quota is used up */
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
                /** @description Days to count back, today included; a week is kept */
                days?: number;
            };
            header?: never;
            path: {
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
                /** @description authorizer_appid: the appid of the merchant's account */
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
                    "application/json": components["schemas"]["MerchantCalls"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description `pending`: waits, or is being tried again. `handled`. `superseded`: outrun by something newer. `unhandled`: nothing here knows what to do with it. `failed`: given up after many tries */
                state?: "pending" | "handled" | "superseded" | "unhandled" | "failed";
                /** @description Only pushes about this account */
                authorizer_appid?: string;
                /** @description Items on one page at most */
                limit?: number;
                /** @description `next_cursor` of the page before; absent for the first page */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description component_appid: the appid of the third-party platform */
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
                    "application/json": components["schemas"]["PushPage"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description component_appid: the appid of the third-party platform */
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
                    "application/json": components["schemas"]["PushBacklog"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
            header?: never;
            path: {
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
                /** @description Id of the push */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It waits to be handled */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Started"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: The request contradicts the present state */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
            header?: never;
            path: {
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
            };
            cookie?: never;
        };
        /** @description How the history is thinned */
        requestBody: {
            content: {
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
                    "application/json": components["schemas"]["Started"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description component_appid: the appid of the third-party platform */
                component_appid: string;
                /** @description Id of the run */
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
                    "application/json": components["schemas"]["RetentionRun"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                    "application/json": components["schemas"]["MasterKeys"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
            header?: never;
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
                    "application/json": components["schemas"]["Started"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
                /** @description Id of the rotation */
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
                    "application/json": components["schemas"]["MasterKeyRotation"];
                };
            };
            /** @description `invalid_request`: The request does not match its description */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthenticated`: A valid API key is needed */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: The API key lacks the scope for this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: There is no such thing, or not for this API key */
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
            /** @description `internal`: Something went wrong in the hub */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: The hub cannot reach its database or is stopping */
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
