import {
  cloudFacts,
  GRAPH_APP,
  PERMISSIONS,
  SIGN_IN_SCOPES,
  type ScriptFacts,
} from './script-facts.ts'

/** A word of a shell, whatever is in it. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

/** The same as the PowerShell script, for the Azure CLI. */
export function bashScript(facts: ScriptFacts): string {
  const { template, graph } = cloudFacts[facts.cloud]
  return `#!/usr/bin/env bash
# Connects Microsoft Entra ID with Entrance: one enterprise application for sign-in, for reading people and for
# provisioning. Needs the Azure CLI, signed in (az login), and jq.
#
#   bash entrance-setup.sh              sets everything up; may be run again
#   NAME=… bash entrance-setup.sh       calls the enterprise application otherwise than Entrance
#   PROVISIONING=no bash …              sets up sign-in and reading only
#
# Run it as a Cloud Application Administrator; granting consent takes a Privileged Role Administrator. It asks for the
# secret token, which you make under Connect Entra, and shows the client secret that Entra makes, once.
set -euo pipefail
umask 077

NAME="\${NAME:-Entrance}"
PROVISIONING="\${PROVISIONING:-yes}"

# The addresses of this server.
REDIRECT_URI=${quoted(facts.redirect)}
SIGNED_OUT_URI=${quoted(facts.signedOut)}
LOGOUT_URL=${quoted(facts.logout)}
TENANT_URL=${quoted(facts.scimUrl)}
CONSOLE=${quoted(facts.signIn.replace(/\/auth\/sign-in$/, '/admin/connect/app'))}
WANTED_TENANT=${quoted(facts.tenantId ?? '')}

# What Entrance reads, and what a sign-in asks for.
PERMISSIONS=(${PERMISSIONS.map(quoted).join(' ')})
SIGN_IN_SCOPES=${quoted(SIGN_IN_SCOPES.join(' '))}
TEMPLATE=${quoted(template)} # non-gallery applications
GRAPH_APP_ID=${quoted(GRAPH_APP)}
GRAPH=${quoted(graph)}

for tool in az jq; do
  command -v "$tool" >/dev/null || { echo "$tool is needed." >&2; exit 1; }
done
TENANT_ID="$(az account show --query tenantId --output tsv)"
if [ -n "$WANTED_TENANT" ] && [ "$TENANT_ID" != "$WANTED_TENANT" ]; then
  echo "You are signed in to the tenant $TENANT_ID. First: az login --tenant $WANTED_TENANT" >&2
  exit 1
fi

# Bodies go through a file, so that no secret stands among the arguments of a process.
BODY="$(mktemp)"
trap 'rm -f "$BODY"' EXIT

graph() { # method path, with the body on standard input where there is one
  local method="$1" path="$2"
  shift 2
  az rest --only-show-errors --resource "$GRAPH/" --method "$method" --uri "$GRAPH/v1.0$path" "$@"
}
graph_send() {
  cat >"$BODY"
  graph "$1" "$2" --headers 'Content-Type=application/json' --body "@$BODY"
}

# What was made a moment ago is not known everywhere at once.
wait_for() {
  local try
  for try in {1..11}; do
    if "$@" 2>/dev/null; then return 0; fi
    sleep 5
  done
  "$@"
}
name_filter() {
  jq -rn --arg name "$NAME" '"displayName eq \\u0027\\($name | gsub("\\u0027"; "\\u0027\\u0027"))\\u0027" | @uri'
}

# 1. The enterprise application and its registration.
filter="$(name_filter)"
found="$(graph get "/servicePrincipals?\\$filter=$filter&\\$select=id,appId" | jq -c '.value')"
case "$(jq length <<<"$found")" in
  0)
    made="$(jq -n --arg name "$NAME" '{displayName: $name}' | graph_send post "/applicationTemplates/$TEMPLATE/instantiate")"
    principal="$(jq -r '.servicePrincipal.id' <<<"$made")"
    app_id="$(jq -r '.application.appId' <<<"$made")"
    echo "Made the enterprise application $NAME."
    ;;
  1)
    principal="$(jq -r '.[0].id' <<<"$found")"
    app_id="$(jq -r '.[0].appId' <<<"$found")"
    echo "Using the enterprise application $NAME."
    ;;
  *)
    echo "There are several enterprise applications called $NAME. Say another NAME." >&2
    exit 1
    ;;
esac
app="$(wait_for graph get "/applications(appId='$app_id')")"
wait_for graph get "/servicePrincipals/$principal" >/dev/null
app_object="$(jq -r '.id' <<<"$app")"

# 2. Redirect URIs, front-channel logout URL, optional claims, API permissions; what else is there stays.
graph_principal="$(graph get "/servicePrincipals(appId='$GRAPH_APP_ID')?\\$select=id,appRoles")"
graph_id="$(jq -r '.id' <<<"$graph_principal")"
roles='[]'
for permission in "\${PERMISSIONS[@]}"; do
  role="$(jq -r --arg value "$permission" \\
    '[.appRoles[] | select(.value == $value and (.allowedMemberTypes | index("Application")))] | .[0].id // empty' \\
    <<<"$graph_principal")"
  [ -n "$role" ] || { echo "Microsoft Graph has no application permission $permission." >&2; exit 1; }
  roles="$(jq -c --arg role "$role" '. + [$role]' <<<"$roles")"
done
changes="$(jq -c --arg redirect "$REDIRECT_URI" --arg out "$SIGNED_OUT_URI" --arg logout "$LOGOUT_URL" \\
  --arg graph "$GRAPH_APP_ID" --argjson roles "$roles" '
  {
    web: {
      redirectUris: ((.web.redirectUris // []) + [$redirect, $out] | unique),
      logoutUrl: $logout
    },
    optionalClaims: {
      idToken: ([(.optionalClaims.idToken // [])[] | select(.name != "sid" and .name != "login_hint")]
        + [{name: "sid"}, {name: "login_hint"}]),
      accessToken: (.optionalClaims.accessToken // []),
      saml2Token: (.optionalClaims.saml2Token // [])
    },
    requiredResourceAccess: (
      [(.requiredResourceAccess // [])[] | select(.resourceAppId != $graph)]
      + [{
        resourceAppId: $graph,
        resourceAccess: (
          [(.requiredResourceAccess // [])[] | select(.resourceAppId == $graph) | .resourceAccess[]]
          + [$roles[] | {id: ., type: "Role"}]
          | unique_by([.type, .id])
        )
      }]
    )
  }' <<<"$app")"
change_app() { graph_send patch "/applications/$app_object" <<<"$changes"; }
wait_for change_app >/dev/null
graph_send patch "/servicePrincipals/$principal" <<<'{"appRoleAssignmentRequired": true}' >/dev/null
echo 'Set the redirect URIs, the front-channel logout URL, the claims and the API permissions.'

# 3. Admin consent.
consent() {
  local granted role grants
  granted="$(graph get "/servicePrincipals/$principal/appRoleAssignments" | jq -c '[.value[].appRoleId]')" || return 1
  for role in $(jq -r --argjson granted "$granted" '. - $granted | .[]' <<<"$roles"); do
    jq -n --arg principal "$principal" --arg resource "$graph_id" --arg role "$role" \\
      '{principalId: $principal, resourceId: $resource, appRoleId: $role}' |
      graph_send post "/servicePrincipals/$principal/appRoleAssignments" >/dev/null || return 1
  done
  grants="$(graph get "/servicePrincipals/$principal/oauth2PermissionGrants" |
    jq --arg graph "$graph_id" '[.value[] | select(.consentType == "AllPrincipals" and .resourceId == $graph)] | length')" || return 1
  if [ "$grants" = 0 ]; then
    jq -n --arg client "$principal" --arg resource "$graph_id" --arg scope "$SIGN_IN_SCOPES" \\
      '{clientId: $client, consentType: "AllPrincipals", resourceId: $resource, scope: $scope}' |
      graph_send post '/oauth2PermissionGrants' >/dev/null || return 1
  fi
}
if consent; then
  echo 'Granted admin consent.'
else
  echo 'Admin consent was not granted. Grant it under API permissions.' >&2
fi

# 4. A client secret, valid for a year.
secret="$(jq -n '{passwordCredential: {displayName: "Entrance", endDateTime: (now + 365 * 86400 | strftime("%Y-%m-%dT%H:%M:%SZ"))}}' |
  graph_send post "/applications/$app_object/addPassword" | jq -r '.secretText')"

# 5. Provisioning.
if [ "$PROVISIONING" = yes ]; then
  sync="/servicePrincipals/$principal/synchronization"
  read -rsp 'Secret token, from Connect Entra (it is not shown): ' ENTRANCE_TOKEN
  echo
  export ENTRANCE_TOKEN TENANT_URL
  find_job() { graph get "$sync/jobs" | jq -r '[.value[] | select(.templateId == "scim")] | .[0].id // empty'; }
  make_job() { graph_send post "$sync/jobs" <<<'{"templateId": "scim"}' | jq -er '.id'; }
  job="$(wait_for find_job)"
  [ -n "$job" ] || job="$(wait_for make_job)"
  credentials() { # the name of the member that they stand in
    jq -n --arg name "$1" '{($name): [
      {key: "BaseAddress", value: env.TENANT_URL},
      {key: "SecretToken", value: (env.ENTRANCE_TOKEN | gsub("^\\\\s+|\\\\s+$"; ""))}
    ]}'
  }
  credentials credentials | graph_send post "$sync/jobs/$job/validateCredentials" >/dev/null
  echo 'Test connection: the credentials work.'
  credentials value | graph_send put "$sync/secrets" >/dev/null
  : >"$BODY"

  # 6. The mappings: objectId instead of mailNickname becomes externalId. All others stay as Entra has them.
  graph get "$sync/jobs/$job/schema" | jq -c '
    del(."@odata.context")
    | (.synchronizationRules[].objectMappings[] | select(.sourceObjectName == "User")
      | .attributeMappings[] | select(.targetAttributeName == "externalId") | .source)
      |= {expression: "[objectId]", name: "objectId", type: "Attribute", parameters: []}
  ' | graph_send put "$sync/jobs/$job/schema" >/dev/null
  echo 'Mapped objectId to externalId.'
fi

cat <<DONE

Done. Enter this at $CONSOLE

  Directory (tenant) ID     $TENANT_ID
  Application (client) ID   $app_id
  Client secret             $secret

The client secret is not shown again, and expires in a year. What is left to do in the portal: assign users and groups
under Users and groups, then Start provisioning.
DONE
`
}
