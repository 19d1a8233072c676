CREATE TABLE "administrators" (
	"organisation" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"since" text COLLATE "C" NOT NULL,
	CONSTRAINT "administrators_organisation_user_id_pk" PRIMARY KEY("organisation","user_id")
);
--> statement-breakpoint
CREATE TABLE "assignment_rules" (
	"organisation" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"position" integer NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"filter" text NOT NULL,
	"groups" text NOT NULL,
	"role" text COLLATE "C",
	CONSTRAINT "assignment_rules_organisation_id_pk" PRIMARY KEY("organisation","id")
);
--> statement-breakpoint
CREATE TABLE "attempts" (
	"subject" text COLLATE "C" PRIMARY KEY NOT NULL,
	"failures" integer NOT NULL,
	"until" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "authorization_codes" (
	"organisation" text COLLATE "C" NOT NULL,
	"hash" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"method" text COLLATE "C" NOT NULL,
	"redirect_uri" text COLLATE "C" NOT NULL,
	"challenge" text COLLATE "C" NOT NULL,
	"expires" text COLLATE "C" NOT NULL,
	"session_id" text COLLATE "C",
	CONSTRAINT "authorization_codes_organisation_hash_pk" PRIMARY KEY("organisation","hash")
);
--> statement-breakpoint
CREATE TABLE "client_secrets" (
	"organisation" text COLLATE "C" NOT NULL,
	"client_id" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"hash" text COLLATE "C" NOT NULL,
	"created" text COLLATE "C" NOT NULL,
	"expires" text COLLATE "C" NOT NULL,
	"last_used" text COLLATE "C",
	CONSTRAINT "client_secrets_organisation_client_id_id_pk" PRIMARY KEY("organisation","client_id","id")
);
--> statement-breakpoint
CREATE TABLE "client_tokens" (
	"organisation" text COLLATE "C" NOT NULL,
	"hash" text COLLATE "C" NOT NULL,
	"client_id" text COLLATE "C" NOT NULL,
	"secret_id" text COLLATE "C",
	"expires" text COLLATE "C" NOT NULL,
	CONSTRAINT "client_tokens_organisation_hash_pk" PRIMARY KEY("organisation","hash")
);
--> statement-breakpoint
CREATE TABLE "clients" (
	"organisation" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"created" text COLLATE "C" NOT NULL,
	"revoked" text COLLATE "C",
	"subject" text COLLATE "C",
	"audience" text COLLATE "C",
	CONSTRAINT "clients_organisation_id_pk" PRIMARY KEY("organisation","id")
);
--> statement-breakpoint
CREATE TABLE "departures" (
	"organisation" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"at" text COLLATE "C" NOT NULL,
	CONSTRAINT "departures_organisation_user_id_pk" PRIMARY KEY("organisation","user_id")
);
--> statement-breakpoint
CREATE TABLE "events" (
	"sequence" bigserial PRIMARY KEY NOT NULL,
	"organisation" text COLLATE "C" NOT NULL,
	"at" text COLLATE "C" NOT NULL,
	"actor" text COLLATE "C" NOT NULL,
	"door" text COLLATE "C" NOT NULL,
	"request_id" text COLLATE "C" NOT NULL,
	"action" text COLLATE "C" NOT NULL,
	"resource_id" text COLLATE "C" NOT NULL,
	"changes" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "group_mappings" (
	"organisation" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"entra_group" text COLLATE "C" NOT NULL,
	"entra_name" text COLLATE "C" NOT NULL,
	"nested" boolean NOT NULL,
	"group_id" text COLLATE "C",
	"role" text COLLATE "C",
	CONSTRAINT "group_mappings_organisation_id_pk" PRIMARY KEY("organisation","id")
);
--> statement-breakpoint
CREATE TABLE "groups" (
	"organisation" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"version" integer NOT NULL,
	"created" text COLLATE "C" NOT NULL,
	"last_modified" text COLLATE "C" NOT NULL,
	"origin" text COLLATE "C" NOT NULL,
	"display_name" text COLLATE "C" NOT NULL,
	"display_name_key" text COLLATE "C" NOT NULL,
	"external_id" text COLLATE "C",
	"resource" text NOT NULL,
	"search" jsonb NOT NULL,
	CONSTRAINT "groups_organisation_id_pk" PRIMARY KEY("organisation","id")
);
--> statement-breakpoint
CREATE TABLE "link_requests" (
	"organisation" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"external_id" text COLLATE "C" NOT NULL,
	"asked" text COLLATE "C" NOT NULL,
	"user_name" text COLLATE "C" NOT NULL,
	"display_name" text COLLATE "C",
	"first_asked" text COLLATE "C" NOT NULL,
	"last_asked" text COLLATE "C" NOT NULL,
	"decided" text COLLATE "C",
	CONSTRAINT "link_requests_organisation_id_pk" PRIMARY KEY("organisation","id")
);
--> statement-breakpoint
CREATE TABLE "members" (
	"organisation" text COLLATE "C" NOT NULL,
	"group_id" text COLLATE "C" NOT NULL,
	"member_id" text COLLATE "C" NOT NULL,
	"type" text COLLATE "C",
	"via" text COLLATE "C" NOT NULL,
	"since" text COLLATE "C" NOT NULL,
	CONSTRAINT "members_organisation_group_id_member_id_pk" PRIMARY KEY("organisation","group_id","member_id")
);
--> statement-breakpoint
CREATE TABLE "one_time_links" (
	"organisation" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"purpose" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C",
	"hash" text COLLATE "C" NOT NULL,
	"created" text COLLATE "C" NOT NULL,
	"expires" text COLLATE "C" NOT NULL,
	CONSTRAINT "one_time_links_organisation_id_pk" PRIMARY KEY("organisation","id")
);
--> statement-breakpoint
CREATE TABLE "organisations" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"entra_tenant_id" text COLLATE "C",
	"created" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"organisation" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"address" text COLLATE "C" NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"plan_id" text COLLATE "C",
	"created" text COLLATE "C" NOT NULL,
	"due" text COLLATE "C" NOT NULL,
	"attempts" integer NOT NULL,
	"sent" text COLLATE "C",
	"problem" text COLLATE "C",
	CONSTRAINT "outbox_organisation_id_pk" PRIMARY KEY("organisation","id")
);
--> statement-breakpoint
CREATE TABLE "passwords" (
	"organisation" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"hash" text COLLATE "C" NOT NULL,
	"changed" text COLLATE "C" NOT NULL,
	CONSTRAINT "passwords_organisation_user_id_pk" PRIMARY KEY("organisation","user_id")
);
--> statement-breakpoint
CREATE TABLE "permissions" (
	"organisation" text COLLATE "C" NOT NULL,
	"holder" text COLLATE "C" NOT NULL,
	"holder_key" text COLLATE "C" NOT NULL,
	"permission" text COLLATE "C" NOT NULL,
	CONSTRAINT "permissions_organisation_holder_holder_key_permission_pk" PRIMARY KEY("organisation","holder","holder_key","permission")
);
--> statement-breakpoint
CREATE TABLE "plan_items" (
	"organisation" text COLLATE "C" NOT NULL,
	"plan_id" text COLLATE "C" NOT NULL,
	"position" integer NOT NULL,
	"action" text COLLATE "C" NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C",
	"person" text NOT NULL,
	"chosen" text NOT NULL,
	"changes" text NOT NULL,
	"notes" text NOT NULL,
	"outcome" text COLLATE "C",
	CONSTRAINT "plan_items_organisation_plan_id_position_pk" PRIMARY KEY("organisation","plan_id","position")
);
--> statement-breakpoint
CREATE TABLE "plans" (
	"organisation" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"created" text COLLATE "C" NOT NULL,
	"actor" text COLLATE "C" NOT NULL,
	"held" boolean NOT NULL,
	"options" text NOT NULL,
	"advice" text NOT NULL,
	CONSTRAINT "plans_organisation_id_pk" PRIMARY KEY("organisation","id")
);
--> statement-breakpoint
CREATE TABLE "refresh_tokens" (
	"organisation" text COLLATE "C" NOT NULL,
	"session_id" text COLLATE "C" NOT NULL,
	"hash" text COLLATE "C" NOT NULL,
	"used" text COLLATE "C",
	CONSTRAINT "refresh_tokens_organisation_session_id_hash_pk" PRIMARY KEY("organisation","session_id","hash")
);
--> statement-breakpoint
CREATE TABLE "roster" (
	"organisation" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"facet" text COLLATE "C" NOT NULL,
	"name_key" text COLLATE "C" NOT NULL,
	"words" text COLLATE "C" NOT NULL,
	"last_sign_in" text COLLATE "C",
	CONSTRAINT "roster_organisation_user_id_pk" PRIMARY KEY("organisation","user_id")
);
--> statement-breakpoint
CREATE TABLE "scim_contacts" (
	"organisation" text COLLATE "C" NOT NULL,
	"what" text COLLATE "C" NOT NULL,
	"at" text COLLATE "C" NOT NULL,
	"actor" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"status" integer NOT NULL,
	CONSTRAINT "scim_contacts_organisation_what_pk" PRIMARY KEY("organisation","what")
);
--> statement-breakpoint
CREATE TABLE "scim_request_members" (
	"organisation" text COLLATE "C" NOT NULL,
	"member_id" text COLLATE "C" NOT NULL,
	"sequence" bigint NOT NULL,
	CONSTRAINT "scim_request_members_organisation_member_id_sequence_pk" PRIMARY KEY("organisation","member_id","sequence")
);
--> statement-breakpoint
CREATE TABLE "scim_requests" (
	"sequence" bigserial PRIMARY KEY NOT NULL,
	"organisation" text COLLATE "C" NOT NULL,
	"at" text COLLATE "C" NOT NULL,
	"actor" text COLLATE "C" NOT NULL,
	"request_id" text COLLATE "C" NOT NULL,
	"method" text COLLATE "C" NOT NULL,
	"path" text NOT NULL,
	"status" integer NOT NULL,
	"milliseconds" double precision NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"resource_type" text COLLATE "C",
	"resource_id" text COLLATE "C",
	"subject" text COLLATE "C",
	"failure" text COLLATE "C",
	"search" text NOT NULL,
	"tolerances" text NOT NULL,
	"facts" text NOT NULL,
	"request_headers" text NOT NULL,
	"request_body" text,
	"response_headers" text NOT NULL,
	"response_body" text
);
--> statement-breakpoint
CREATE TABLE "scim_tallies" (
	"organisation" text COLLATE "C" NOT NULL,
	"hour" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"total" integer NOT NULL,
	CONSTRAINT "scim_tallies_organisation_hour_name_pk" PRIMARY KEY("organisation","hour","name")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"organisation" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"hash" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"method" text COLLATE "C" NOT NULL,
	"created" text COLLATE "C" NOT NULL,
	"last_used" text COLLATE "C" NOT NULL,
	"expires" text COLLATE "C" NOT NULL,
	"device" text COLLATE "C",
	"address" text COLLATE "C",
	"secret_expires" text COLLATE "C",
	"entra_session" text COLLATE "C",
	"login_hint" text COLLATE "C",
	CONSTRAINT "sessions_organisation_id_pk" PRIMARY KEY("organisation","id")
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"organisation" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"value" text NOT NULL,
	"changed" text COLLATE "C" NOT NULL,
	CONSTRAINT "settings_organisation_name_pk" PRIMARY KEY("organisation","name")
);
--> statement-breakpoint
CREATE TABLE "sign_ins" (
	"hash" text COLLATE "C" PRIMARY KEY NOT NULL,
	"return_to" text COLLATE "C" NOT NULL,
	"expires" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sync_states" (
	"organisation" text COLLATE "C" PRIMARY KEY NOT NULL,
	"delta_link" text COLLATE "C",
	"compared" text COLLATE "C",
	"due" text COLLATE "C",
	"last_run" text COLLATE "C",
	"last_plan" text COLLATE "C",
	"problem" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "tallies" (
	"organisation" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"part" integer NOT NULL,
	"total" integer NOT NULL,
	"changes" integer NOT NULL,
	CONSTRAINT "tallies_organisation_kind_part_pk" PRIMARY KEY("organisation","kind","part")
);
--> statement-breakpoint
CREATE TABLE "tokens" (
	"organisation" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"hash" text COLLATE "C" NOT NULL,
	"created" text COLLATE "C" NOT NULL,
	"expires" text COLLATE "C",
	"last_used" text COLLATE "C",
	"revoked" text COLLATE "C",
	CONSTRAINT "tokens_organisation_id_pk" PRIMARY KEY("organisation","id")
);
--> statement-breakpoint
CREATE TABLE "user_values" (
	"organisation" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"attribute" text COLLATE "C" NOT NULL,
	"value_key" text COLLATE "C" NOT NULL,
	CONSTRAINT "user_values_organisation_attribute_value_key_user_id_pk" PRIMARY KEY("organisation","attribute","value_key","user_id")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"organisation" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"version" integer NOT NULL,
	"created" text COLLATE "C" NOT NULL,
	"last_modified" text COLLATE "C" NOT NULL,
	"origin" text COLLATE "C" NOT NULL,
	"provisioned" boolean NOT NULL,
	"link_tenant" text COLLATE "C",
	"link_object" text COLLATE "C",
	"held" text COLLATE "C",
	"user_name_key" text COLLATE "C" NOT NULL,
	"external_id" text COLLATE "C",
	"manager" text COLLATE "C",
	"resource" text NOT NULL,
	"search" jsonb NOT NULL,
	CONSTRAINT "users_organisation_id_pk" PRIMARY KEY("organisation","id")
);
--> statement-breakpoint
CREATE TABLE "webhook_deliveries" (
	"organisation" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"webhook_id" text COLLATE "C" NOT NULL,
	"at" text COLLATE "C" NOT NULL,
	"action" text COLLATE "C" NOT NULL,
	"sequence" bigint,
	"attempt" integer NOT NULL,
	"milliseconds" integer NOT NULL,
	"status" integer,
	"problem" text COLLATE "C",
	"request" text NOT NULL,
	"response" text,
	CONSTRAINT "webhook_deliveries_organisation_id_pk" PRIMARY KEY("organisation","id")
);
--> statement-breakpoint
CREATE TABLE "webhooks" (
	"organisation" text COLLATE "C" NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"name_key" text COLLATE "C" NOT NULL,
	"url" text COLLATE "C" NOT NULL,
	"actions" text COLLATE "C" NOT NULL,
	"created" text COLLATE "C" NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"sealed" text COLLATE "C" NOT NULL,
	"sealed_before" text COLLATE "C",
	"both_until" text COLLATE "C",
	"position" bigint NOT NULL,
	"due" text COLLATE "C" NOT NULL,
	"attempts" integer NOT NULL,
	"failing_since" text COLLATE "C",
	"holder" text COLLATE "C",
	"held_until" text COLLATE "C",
	"last_at" text COLLATE "C",
	"last_status" integer,
	"last_milliseconds" integer,
	"last_problem" text COLLATE "C",
	CONSTRAINT "webhooks_organisation_id_pk" PRIMARY KEY("organisation","id")
);
--> statement-breakpoint
CREATE INDEX "attempts_until" ON "attempts" USING btree ("until");--> statement-breakpoint
CREATE UNIQUE INDEX "authorization_codes_hash" ON "authorization_codes" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "authorization_codes_user" ON "authorization_codes" USING btree ("organisation","user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "client_tokens_hash" ON "client_tokens" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "client_tokens_client" ON "client_tokens" USING btree ("organisation","client_id");--> statement-breakpoint
CREATE UNIQUE INDEX "clients_id" ON "clients" USING btree ("id");--> statement-breakpoint
CREATE INDEX "departures_at" ON "departures" USING btree ("organisation","at");--> statement-breakpoint
CREATE INDEX "events_sequence" ON "events" USING btree ("organisation","sequence");--> statement-breakpoint
CREATE INDEX "events_resource" ON "events" USING btree ("organisation","resource_id","sequence");--> statement-breakpoint
CREATE UNIQUE INDEX "groups_display_name" ON "groups" USING btree ("organisation","display_name_key");--> statement-breakpoint
CREATE INDEX "groups_external_id" ON "groups" USING btree ("organisation","external_id");--> statement-breakpoint
CREATE UNIQUE INDEX "link_requests_asking" ON "link_requests" USING btree ("organisation","user_id","external_id");--> statement-breakpoint
CREATE INDEX "link_requests_open" ON "link_requests" USING btree ("organisation","id") WHERE "link_requests"."decided" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "members_member" ON "members" USING btree ("organisation","member_id","group_id");--> statement-breakpoint
CREATE INDEX "members_mapped" ON "members" USING btree ("organisation","via") WHERE "members"."via" LIKE 'mapping:%';--> statement-breakpoint
CREATE UNIQUE INDEX "one_time_links_hash" ON "one_time_links" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "one_time_links_user" ON "one_time_links" USING btree ("organisation","user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "organisations_name" ON "organisations" USING btree ("name");--> statement-breakpoint
CREATE UNIQUE INDEX "organisations_tenant" ON "organisations" USING btree ("entra_tenant_id");--> statement-breakpoint
CREATE INDEX "outbox_user" ON "outbox" USING btree ("organisation","user_id");--> statement-breakpoint
CREATE INDEX "outbox_state" ON "outbox" USING btree ("organisation","state","id");--> statement-breakpoint
CREATE INDEX "outbox_due" ON "outbox" USING btree ("state","due");--> statement-breakpoint
CREATE INDEX "plan_items_state" ON "plan_items" USING btree ("organisation","plan_id","state","position");--> statement-breakpoint
CREATE UNIQUE INDEX "refresh_tokens_hash" ON "refresh_tokens" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "roster_name" ON "roster" USING btree ("organisation","facet","name_key","user_id");--> statement-breakpoint
CREATE INDEX "roster_created" ON "roster" USING btree ("organisation","facet","user_id");--> statement-breakpoint
CREATE INDEX "scim_request_members_sequence" ON "scim_request_members" USING btree ("organisation","sequence");--> statement-breakpoint
CREATE INDEX "scim_requests_sequence" ON "scim_requests" USING btree ("organisation","sequence");--> statement-breakpoint
CREATE INDEX "scim_requests_at" ON "scim_requests" USING btree ("organisation","at","sequence");--> statement-breakpoint
CREATE INDEX "scim_requests_failures" ON "scim_requests" USING btree ("organisation","sequence") WHERE "scim_requests"."failure" is not null;--> statement-breakpoint
CREATE INDEX "scim_requests_resource" ON "scim_requests" USING btree ("organisation","resource_id","sequence") WHERE "scim_requests"."resource_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "sessions_hash" ON "sessions" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("organisation","user_id");--> statement-breakpoint
CREATE INDEX "sessions_entra" ON "sessions" USING btree ("organisation","entra_session");--> statement-breakpoint
CREATE INDEX "sign_ins_expires" ON "sign_ins" USING btree ("expires");--> statement-breakpoint
CREATE UNIQUE INDEX "tokens_hash" ON "tokens" USING btree ("hash");--> statement-breakpoint
CREATE UNIQUE INDEX "users_user_name" ON "users" USING btree ("organisation","user_name_key");--> statement-breakpoint
CREATE UNIQUE INDEX "users_link" ON "users" USING btree ("organisation","link_tenant","link_object");--> statement-breakpoint
CREATE INDEX "users_external_id" ON "users" USING btree ("organisation","external_id","provisioned");--> statement-breakpoint
CREATE INDEX "users_provisioned" ON "users" USING btree ("organisation","provisioned","id","held");--> statement-breakpoint
CREATE INDEX "users_held" ON "users" USING btree ("organisation","held","id") WHERE "users"."held" is not null;--> statement-breakpoint
CREATE INDEX "webhook_deliveries_webhook" ON "webhook_deliveries" USING btree ("organisation","webhook_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "webhooks_name" ON "webhooks" USING btree ("organisation","name_key");--> statement-breakpoint
CREATE INDEX "webhooks_due" ON "webhooks" USING btree ("state","due");