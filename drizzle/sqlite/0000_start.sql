-- By hand: WITHOUT ROWID, which drizzle-kit cannot say. A row of these tables is hardly more than its key.
CREATE TABLE `administrators` (
	`organisation` text NOT NULL,
	`user_id` text NOT NULL,
	`since` text NOT NULL,
	PRIMARY KEY(`organisation`, `user_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `assignment_rules` (
	`organisation` text NOT NULL,
	`id` text NOT NULL,
	`position` integer NOT NULL,
	`name` text NOT NULL,
	`filter` text NOT NULL,
	`groups` text NOT NULL,
	`role` text,
	PRIMARY KEY(`organisation`, `id`)
);
--> statement-breakpoint
CREATE TABLE `attempts` (
	`subject` text PRIMARY KEY NOT NULL,
	`failures` integer NOT NULL,
	`until` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `attempts_until` ON `attempts` (`until`);--> statement-breakpoint
CREATE TABLE `authorization_codes` (
	`organisation` text NOT NULL,
	`hash` text NOT NULL,
	`user_id` text NOT NULL,
	`method` text NOT NULL,
	`redirect_uri` text NOT NULL,
	`challenge` text NOT NULL,
	`expires` text NOT NULL,
	`session_id` text,
	PRIMARY KEY(`organisation`, `hash`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `authorization_codes_hash` ON `authorization_codes` (`hash`);--> statement-breakpoint
CREATE INDEX `authorization_codes_user` ON `authorization_codes` (`organisation`,`user_id`);--> statement-breakpoint
CREATE TABLE `client_secrets` (
	`organisation` text NOT NULL,
	`client_id` text NOT NULL,
	`id` text NOT NULL,
	`hash` text NOT NULL,
	`created` text NOT NULL,
	`expires` text NOT NULL,
	`last_used` text,
	PRIMARY KEY(`organisation`, `client_id`, `id`)
);
--> statement-breakpoint
CREATE TABLE `client_tokens` (
	`organisation` text NOT NULL,
	`hash` text NOT NULL,
	`client_id` text NOT NULL,
	`secret_id` text,
	`expires` text NOT NULL,
	PRIMARY KEY(`organisation`, `hash`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `client_tokens_hash` ON `client_tokens` (`hash`);--> statement-breakpoint
CREATE INDEX `client_tokens_client` ON `client_tokens` (`organisation`,`client_id`);--> statement-breakpoint
CREATE TABLE `clients` (
	`organisation` text NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`created` text NOT NULL,
	`revoked` text,
	`subject` text,
	`audience` text,
	PRIMARY KEY(`organisation`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `clients_id` ON `clients` (`id`);--> statement-breakpoint
CREATE TABLE `departures` (
	`organisation` text NOT NULL,
	`user_id` text NOT NULL,
	`at` text NOT NULL,
	PRIMARY KEY(`organisation`, `user_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `departures_at` ON `departures` (`organisation`,`at`);--> statement-breakpoint
CREATE TABLE `events` (
	`sequence` integer PRIMARY KEY NOT NULL,
	`organisation` text NOT NULL,
	`at` text NOT NULL,
	`actor` text NOT NULL,
	`door` text NOT NULL,
	`request_id` text NOT NULL,
	`action` text NOT NULL,
	`resource_id` text NOT NULL,
	`changes` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `events_sequence` ON `events` (`organisation`,`sequence`);--> statement-breakpoint
CREATE INDEX `events_resource` ON `events` (`organisation`,`resource_id`,`sequence`);--> statement-breakpoint
CREATE TABLE `group_mappings` (
	`organisation` text NOT NULL,
	`id` text NOT NULL,
	`entra_group` text NOT NULL,
	`entra_name` text NOT NULL,
	`nested` integer NOT NULL,
	`group_id` text,
	`role` text,
	PRIMARY KEY(`organisation`, `id`)
);
--> statement-breakpoint
CREATE TABLE `groups` (
	`organisation` text NOT NULL,
	`id` text NOT NULL,
	`version` integer NOT NULL,
	`created` text NOT NULL,
	`last_modified` text NOT NULL,
	`origin` text NOT NULL,
	`display_name` text NOT NULL,
	`display_name_key` text NOT NULL,
	`external_id` text,
	`resource` text NOT NULL,
	`search` text NOT NULL,
	PRIMARY KEY(`organisation`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `groups_display_name` ON `groups` (`organisation`,`display_name_key`);--> statement-breakpoint
CREATE INDEX `groups_external_id` ON `groups` (`organisation`,`external_id`);--> statement-breakpoint
CREATE TABLE `link_requests` (
	`organisation` text NOT NULL,
	`id` text NOT NULL,
	`user_id` text NOT NULL,
	`external_id` text NOT NULL,
	`asked` text NOT NULL,
	`user_name` text NOT NULL,
	`display_name` text,
	`first_asked` text NOT NULL,
	`last_asked` text NOT NULL,
	`decided` text,
	PRIMARY KEY(`organisation`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `link_requests_asking` ON `link_requests` (`organisation`,`user_id`,`external_id`);--> statement-breakpoint
CREATE INDEX `link_requests_open` ON `link_requests` (`organisation`,`id`) WHERE "link_requests"."decided" is null;--> statement-breakpoint
CREATE TABLE `members` (
	`organisation` text NOT NULL,
	`group_id` text NOT NULL,
	`member_id` text NOT NULL,
	`type` text,
	`via` text NOT NULL,
	`since` text NOT NULL,
	PRIMARY KEY(`organisation`, `group_id`, `member_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `members_member` ON `members` (`organisation`,`member_id`,`group_id`);--> statement-breakpoint
CREATE INDEX `members_mapped` ON `members` (`organisation`,`via`) WHERE "members"."via" LIKE 'mapping:%';--> statement-breakpoint
CREATE TABLE `one_time_links` (
	`organisation` text NOT NULL,
	`id` text NOT NULL,
	`purpose` text NOT NULL,
	`user_id` text,
	`hash` text NOT NULL,
	`created` text NOT NULL,
	`expires` text NOT NULL,
	PRIMARY KEY(`organisation`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `one_time_links_hash` ON `one_time_links` (`hash`);--> statement-breakpoint
CREATE INDEX `one_time_links_user` ON `one_time_links` (`organisation`,`user_id`);--> statement-breakpoint
CREATE TABLE `organisations` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`entra_tenant_id` text,
	`created` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `organisations_name` ON `organisations` (`name`);--> statement-breakpoint
CREATE UNIQUE INDEX `organisations_tenant` ON `organisations` (`entra_tenant_id`);--> statement-breakpoint
CREATE TABLE `outbox` (
	`organisation` text NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`user_id` text NOT NULL,
	`address` text NOT NULL,
	`state` text NOT NULL,
	`plan_id` text,
	`created` text NOT NULL,
	`due` text NOT NULL,
	`attempts` integer NOT NULL,
	`sent` text,
	`problem` text,
	PRIMARY KEY(`organisation`, `id`)
);
--> statement-breakpoint
CREATE INDEX `outbox_user` ON `outbox` (`organisation`,`user_id`);--> statement-breakpoint
CREATE INDEX `outbox_state` ON `outbox` (`organisation`,`state`,`id`);--> statement-breakpoint
CREATE INDEX `outbox_due` ON `outbox` (`state`,`due`);--> statement-breakpoint
CREATE TABLE `passwords` (
	`organisation` text NOT NULL,
	`user_id` text NOT NULL,
	`hash` text NOT NULL,
	`changed` text NOT NULL,
	PRIMARY KEY(`organisation`, `user_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `permissions` (
	`organisation` text NOT NULL,
	`holder` text NOT NULL,
	`holder_key` text NOT NULL,
	`permission` text NOT NULL,
	PRIMARY KEY(`organisation`, `holder`, `holder_key`, `permission`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `plan_items` (
	`organisation` text NOT NULL,
	`plan_id` text NOT NULL,
	`position` integer NOT NULL,
	`action` text NOT NULL,
	`state` text NOT NULL,
	`user_id` text,
	`person` text NOT NULL,
	`chosen` text NOT NULL,
	`changes` text NOT NULL,
	`notes` text NOT NULL,
	`outcome` text,
	PRIMARY KEY(`organisation`, `plan_id`, `position`)
);
--> statement-breakpoint
CREATE INDEX `plan_items_state` ON `plan_items` (`organisation`,`plan_id`,`state`,`position`);--> statement-breakpoint
CREATE TABLE `plans` (
	`organisation` text NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`state` text NOT NULL,
	`created` text NOT NULL,
	`actor` text NOT NULL,
	`held` integer NOT NULL,
	`options` text NOT NULL,
	`advice` text NOT NULL,
	PRIMARY KEY(`organisation`, `id`)
);
--> statement-breakpoint
CREATE TABLE `refresh_tokens` (
	`organisation` text NOT NULL,
	`session_id` text NOT NULL,
	`hash` text NOT NULL,
	`used` text,
	PRIMARY KEY(`organisation`, `session_id`, `hash`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `refresh_tokens_hash` ON `refresh_tokens` (`hash`);--> statement-breakpoint
CREATE TABLE `roster` (
	`organisation` text NOT NULL,
	`user_id` text NOT NULL,
	`facet` text NOT NULL,
	`name_key` text NOT NULL,
	`words` text NOT NULL,
	`last_sign_in` text,
	PRIMARY KEY(`organisation`, `user_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `roster_name` ON `roster` (`organisation`,`facet`,`name_key`,`user_id`);--> statement-breakpoint
CREATE INDEX `roster_created` ON `roster` (`organisation`,`facet`,`user_id`);--> statement-breakpoint
CREATE TABLE `scim_contacts` (
	`organisation` text NOT NULL,
	`what` text NOT NULL,
	`at` text NOT NULL,
	`actor` text NOT NULL,
	`kind` text NOT NULL,
	`status` integer NOT NULL,
	PRIMARY KEY(`organisation`, `what`)
);
--> statement-breakpoint
CREATE TABLE `scim_request_members` (
	`organisation` text NOT NULL,
	`member_id` text NOT NULL,
	`sequence` integer NOT NULL,
	PRIMARY KEY(`organisation`, `member_id`, `sequence`)
);
--> statement-breakpoint
CREATE INDEX `scim_request_members_sequence` ON `scim_request_members` (`organisation`,`sequence`);--> statement-breakpoint
CREATE TABLE `scim_requests` (
	`sequence` integer PRIMARY KEY NOT NULL,
	`organisation` text NOT NULL,
	`at` text NOT NULL,
	`actor` text NOT NULL,
	`request_id` text NOT NULL,
	`method` text NOT NULL,
	`path` text NOT NULL,
	`status` integer NOT NULL,
	`milliseconds` real NOT NULL,
	`kind` text NOT NULL,
	`resource_type` text,
	`resource_id` text,
	`subject` text,
	`failure` text,
	`search` text NOT NULL,
	`tolerances` text NOT NULL,
	`facts` text NOT NULL,
	`request_headers` text NOT NULL,
	`request_body` text,
	`response_headers` text NOT NULL,
	`response_body` text
);
--> statement-breakpoint
CREATE INDEX `scim_requests_sequence` ON `scim_requests` (`organisation`,`sequence`);--> statement-breakpoint
CREATE INDEX `scim_requests_at` ON `scim_requests` (`organisation`,`at`,`sequence`);--> statement-breakpoint
CREATE INDEX `scim_requests_failures` ON `scim_requests` (`organisation`,`sequence`) WHERE "scim_requests"."failure" is not null;--> statement-breakpoint
CREATE INDEX `scim_requests_resource` ON `scim_requests` (`organisation`,`resource_id`,`sequence`) WHERE "scim_requests"."resource_id" is not null;--> statement-breakpoint
CREATE TABLE `scim_tallies` (
	`organisation` text NOT NULL,
	`hour` text NOT NULL,
	`name` text NOT NULL,
	`total` integer NOT NULL,
	PRIMARY KEY(`organisation`, `hour`, `name`)
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`organisation` text NOT NULL,
	`id` text NOT NULL,
	`user_id` text NOT NULL,
	`hash` text NOT NULL,
	`kind` text NOT NULL,
	`method` text NOT NULL,
	`created` text NOT NULL,
	`last_used` text NOT NULL,
	`expires` text NOT NULL,
	`device` text,
	`address` text,
	`secret_expires` text,
	`entra_session` text,
	`login_hint` text,
	PRIMARY KEY(`organisation`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_hash` ON `sessions` (`hash`);--> statement-breakpoint
CREATE INDEX `sessions_user` ON `sessions` (`organisation`,`user_id`);--> statement-breakpoint
CREATE INDEX `sessions_entra` ON `sessions` (`organisation`,`entra_session`);--> statement-breakpoint
CREATE TABLE `settings` (
	`organisation` text NOT NULL,
	`name` text NOT NULL,
	`value` text NOT NULL,
	`changed` text NOT NULL,
	PRIMARY KEY(`organisation`, `name`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `sign_ins` (
	`hash` text PRIMARY KEY NOT NULL,
	`return_to` text NOT NULL,
	`expires` text NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `sign_ins_expires` ON `sign_ins` (`expires`);--> statement-breakpoint
CREATE TABLE `sync_states` (
	`organisation` text PRIMARY KEY NOT NULL,
	`delta_link` text,
	`compared` text,
	`due` text,
	`last_run` text,
	`last_plan` text,
	`problem` text
);
--> statement-breakpoint
CREATE TABLE `tallies` (
	`organisation` text NOT NULL,
	`kind` text NOT NULL,
	`part` integer NOT NULL,
	`total` integer NOT NULL,
	`changes` integer NOT NULL,
	PRIMARY KEY(`organisation`, `kind`, `part`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `tokens` (
	`organisation` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`hash` text NOT NULL,
	`created` text NOT NULL,
	`expires` text,
	`last_used` text,
	`revoked` text,
	PRIMARY KEY(`organisation`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tokens_hash` ON `tokens` (`hash`);--> statement-breakpoint
CREATE TABLE `user_values` (
	`organisation` text NOT NULL,
	`user_id` text NOT NULL,
	`attribute` text NOT NULL,
	`value_key` text NOT NULL,
	PRIMARY KEY(`organisation`, `attribute`, `value_key`, `user_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `users` (
	`organisation` text NOT NULL,
	`id` text NOT NULL,
	`version` integer NOT NULL,
	`created` text NOT NULL,
	`last_modified` text NOT NULL,
	`origin` text NOT NULL,
	`provisioned` integer NOT NULL,
	`link_tenant` text,
	`link_object` text,
	`held` text,
	`user_name_key` text NOT NULL,
	`external_id` text,
	`manager` text,
	`resource` text NOT NULL,
	`search` text NOT NULL,
	PRIMARY KEY(`organisation`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_user_name` ON `users` (`organisation`,`user_name_key`);--> statement-breakpoint
CREATE UNIQUE INDEX `users_link` ON `users` (`organisation`,`link_tenant`,`link_object`);--> statement-breakpoint
CREATE INDEX `users_external_id` ON `users` (`organisation`,`external_id`,`provisioned`);--> statement-breakpoint
CREATE INDEX `users_provisioned` ON `users` (`organisation`,`provisioned`,`id`,`held`);--> statement-breakpoint
CREATE INDEX `users_held` ON `users` (`organisation`,`held`,`id`) WHERE "users"."held" is not null;--> statement-breakpoint
CREATE TABLE `webhook_deliveries` (
	`organisation` text NOT NULL,
	`id` text NOT NULL,
	`webhook_id` text NOT NULL,
	`at` text NOT NULL,
	`action` text NOT NULL,
	`sequence` integer,
	`attempt` integer NOT NULL,
	`milliseconds` integer NOT NULL,
	`status` integer,
	`problem` text,
	`request` text NOT NULL,
	`response` text,
	PRIMARY KEY(`organisation`, `id`)
);
--> statement-breakpoint
CREATE INDEX `webhook_deliveries_webhook` ON `webhook_deliveries` (`organisation`,`webhook_id`,`id`);--> statement-breakpoint
CREATE TABLE `webhooks` (
	`organisation` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`name_key` text NOT NULL,
	`url` text NOT NULL,
	`actions` text NOT NULL,
	`created` text NOT NULL,
	`state` text NOT NULL,
	`sealed` text NOT NULL,
	`sealed_before` text,
	`both_until` text,
	`position` integer NOT NULL,
	`due` text NOT NULL,
	`attempts` integer NOT NULL,
	`failing_since` text,
	`holder` text,
	`held_until` text,
	`last_at` text,
	`last_status` integer,
	`last_milliseconds` integer,
	`last_problem` text,
	PRIMARY KEY(`organisation`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `webhooks_name` ON `webhooks` (`organisation`,`name_key`);--> statement-breakpoint
CREATE INDEX `webhooks_due` ON `webhooks` (`state`,`due`);