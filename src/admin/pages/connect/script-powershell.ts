import {
  cloudFacts,
  GRAPH_APP,
  PERMISSIONS,
  SIGN_IN_SCOPES,
  type ScriptFacts,
} from './script-facts.ts'

/** A text as PowerShell has it, whatever is in it. */
const quoted = (text: string) => `'${text.replaceAll(/['‘’‚‛]/g, (quote) => quote + quote)}'`

const list = (texts: readonly string[]) => `@(${texts.map(quoted).join(', ')})`

/**
 * A script that sets up at Entra what this server needs: the registration with its addresses and permissions, consent, a
 * client secret, provisioning and its mappings. It may run again: what is there already is used, and nothing is taken away.
 */
export function powershellScript(facts: ScriptFacts): string {
  const { template, environment } = cloudFacts[facts.cloud]
  const tenant = facts.tenantId === undefined ? '' : ` = ${quoted(facts.tenantId)}`
  return `#Requires -Version 7.0
#Requires -Modules Microsoft.Graph.Authentication
<#
.SYNOPSIS
  Connects Microsoft Entra ID with Entrance: one enterprise application for sign-in, for reading people and for provisioning.
.DESCRIPTION
  Install-Module Microsoft.Graph.Authentication -Scope CurrentUser
  ./entrance-setup.ps1

  Run it as a Cloud Application Administrator; granting consent takes a Privileged Role Administrator. It asks for the
  secret token, which you make under Connect Entra, and shows the client secret that Entra makes, once. It can be run again.
.PARAMETER Name
  What the enterprise application is called. One of this name that is there already is used.
.PARAMETER SkipProvisioning
  Sets up sign-in and reading only.
.PARAMETER Start
  Starts provisioning at the end. Without it you start it in the portal, once users and groups are assigned.
#>
[CmdletBinding()]
param(
  [string] $Name = 'Entrance',
  [string] $TenantId${tenant},
  [switch] $SkipProvisioning,
  [switch] $Start
)
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

# The addresses of this server.
$RedirectUris = ${list([facts.redirect, facts.signedOut])}
$LogoutUrl = ${quoted(facts.logout)}
$TenantUrl = ${quoted(facts.scimUrl)}
$Console = ${quoted(facts.signIn.replace(/\/auth\/sign-in$/, '/admin/connect/app'))}

# What Entrance reads, and what a sign-in asks for.
$Permissions = ${list(PERMISSIONS)}
$SignInScopes = ${quoted(SIGN_IN_SCOPES.join(' '))}
$Template = ${quoted(template)} # non-gallery applications
$GraphAppId = ${quoted(GRAPH_APP)}

function Invoke-Graph([string] $Method, [string] $Path, $Body) {
  $request = @{ Method = $Method; Uri = "v1.0$Path"; OutputType = 'Hashtable' }
  if ($null -ne $Body) {
    $request.Body = ConvertTo-Json -InputObject $Body -Depth 100 -Compress
    $request.ContentType = 'application/json'
  }
  Invoke-MgGraphRequest @request
}

# What was made a moment ago is not known everywhere at once.
function Wait-For([scriptblock] $Work) {
  for ($try = 1; ; $try++) {
    try { return & $Work }
    catch {
      if ($try -ge 12) { throw }
      Start-Sleep -Seconds 5
    }
  }
}

$connect = @{
  Environment = ${quoted(environment)}
  NoWelcome   = $true
  Scopes      = @(
    'Application.ReadWrite.All', 'AppRoleAssignment.ReadWrite.All',
    'DelegatedPermissionGrant.ReadWrite.All', 'Synchronization.ReadWrite.All'
  )
}
if ($TenantId) { $connect.TenantId = $TenantId }
Connect-MgGraph @connect
$TenantId = (Get-MgContext).TenantId

# 1. The enterprise application and its registration.
$filter = [uri]::EscapeDataString("displayName eq '$($Name.Replace("'", "''"))'")
$found = @((Invoke-Graph GET "/servicePrincipals?\`$filter=$filter&\`$select=id,appId").value)
if ($found.Count -gt 1) { throw "There are $($found.Count) enterprise applications called $Name. Say another -Name." }
if ($found.Count -eq 1) {
  $principalId = $found[0].id
  $appId = $found[0].appId
  Write-Host "Using the enterprise application $Name."
}
else {
  $made = Invoke-Graph POST "/applicationTemplates/$Template/instantiate" @{ displayName = $Name }
  $principalId = $made.servicePrincipal.id
  $appId = $made.application.appId
  Write-Host "Made the enterprise application $Name."
}
$app = Wait-For { Invoke-Graph GET "/applications(appId='$appId')" }
$null = Wait-For { Invoke-Graph GET "/servicePrincipals/$principalId" }

# 2. Redirect URIs, front-channel logout URL, optional claims, API permissions; what else is there stays.
$graph = Invoke-Graph GET "/servicePrincipals(appId='$GraphAppId')?\`$select=id,appRoles"
$roles = foreach ($permission in $Permissions) {
  $role = @($graph.appRoles).Where({ $_.value -eq $permission -and $_.allowedMemberTypes -contains 'Application' })
  if ($role.Count -ne 1) { throw "Microsoft Graph has no application permission $permission." }
  $role[0].id
}
$others = @(@($app.requiredResourceAccess).Where({ $_ -and $_.resourceAppId -ne $GraphAppId }))
$ours = @(@($app.requiredResourceAccess).Where({ $_ -and $_.resourceAppId -eq $GraphAppId }))
$access = @($ours | ForEach-Object { $_.resourceAccess }) + @($roles | ForEach-Object { @{ id = $_; type = 'Role' } })
$access = @($access | Where-Object { $_ } | Sort-Object -Property { "$($_.type) $($_.id)" } -Unique)
$claims = @($app.optionalClaims.idToken | Where-Object { $_ -and $_.name -notin 'sid', 'login_hint' })
$null = Wait-For {
  Invoke-Graph PATCH "/applications/$($app.id)" @{
    web                    = @{
      redirectUris = @(@($app.web.redirectUris) + $RedirectUris | Where-Object { $_ } | Select-Object -Unique)
      logoutUrl    = $LogoutUrl
    }
    optionalClaims         = @{
      idToken     = @($claims + @(@{ name = 'sid' }, @{ name = 'login_hint' }))
      accessToken = @($app.optionalClaims.accessToken | Where-Object { $_ })
      saml2Token  = @($app.optionalClaims.saml2Token | Where-Object { $_ })
    }
    requiredResourceAccess = @($others + @(@{ resourceAppId = $GraphAppId; resourceAccess = $access }))
  }
}
$null = Invoke-Graph PATCH "/servicePrincipals/$principalId" @{ appRoleAssignmentRequired = $true }
Write-Host 'Set the redirect URIs, the front-channel logout URL, the claims and the API permissions.'

# 3. Admin consent.
try {
  $granted = @((Invoke-Graph GET "/servicePrincipals/$principalId/appRoleAssignments").value).appRoleId
  foreach ($role in $roles) {
    if ($granted -contains $role) { continue }
    $null = Invoke-Graph POST "/servicePrincipals/$principalId/appRoleAssignments" @{
      principalId = $principalId; resourceId = $graph.id; appRoleId = $role
    }
  }
  $grants = @((Invoke-Graph GET "/servicePrincipals/$principalId/oauth2PermissionGrants").value)
  if (-not $grants.Where({ $_ -and $_.consentType -eq 'AllPrincipals' -and $_.resourceId -eq $graph.id })) {
    $null = Invoke-Graph POST '/oauth2PermissionGrants' @{
      clientId = $principalId; consentType = 'AllPrincipals'; resourceId = $graph.id; scope = $SignInScopes
    }
  }
  Write-Host 'Granted admin consent.'
}
catch {
  Write-Warning "Admin consent was not granted: $($_.Exception.Message). Grant it under API permissions."
}

# 4. A client secret, valid for a year.
$password = Invoke-Graph POST "/applications/$($app.id)/addPassword" @{
  passwordCredential = @{
    displayName = 'Entrance'
    endDateTime = (Get-Date).ToUniversalTime().AddYears(1).ToString('yyyy-MM-ddTHH:mm:ssZ')
  }
}

# 5. Provisioning.
if (-not $SkipProvisioning) {
  $base = "/servicePrincipals/$principalId/synchronization"
  $secure = Read-Host -AsSecureString 'Secret token, from Connect Entra (it is not shown)'
  $token = [System.Net.NetworkCredential]::new('', $secure).Password.Trim()
  $job = Wait-For {
    $jobs = @((Invoke-Graph GET "$base/jobs").value).Where({ $_ -and $_.templateId -eq 'scim' })
    if ($jobs.Count -gt 0) { $jobs[0] } else { Invoke-Graph POST "$base/jobs" @{ templateId = 'scim' } }
  }
  $credentials = @(
    @{ key = 'BaseAddress'; value = $TenantUrl }
    @{ key = 'SecretToken'; value = $token }
  )
  $null = Invoke-Graph POST "$base/jobs/$($job.id)/validateCredentials" @{ credentials = $credentials }
  Write-Host 'Test connection: the credentials work.'
  $null = Invoke-Graph PUT "$base/secrets" @{ value = $credentials }

  # 6. The mappings: objectId instead of mailNickname becomes externalId. All others stay as Entra has them.
  $schema = Invoke-Graph GET "$base/jobs/$($job.id)/schema"
  $changed = 0
  foreach ($rule in $schema.synchronizationRules) {
    foreach ($object in @($rule.objectMappings).Where({ $_.sourceObjectName -eq 'User' })) {
      foreach ($mapping in @($object.attributeMappings).Where({ $_.targetAttributeName -eq 'externalId' })) {
        $mapping.source = @{ expression = '[objectId]'; name = 'objectId'; type = 'Attribute'; parameters = @() }
        $changed++
      }
    }
  }
  if ($changed -gt 0) {
    $schema.Remove('@odata.context')
    $null = Invoke-Graph PUT "$base/jobs/$($job.id)/schema" $schema
    Write-Host 'Mapped objectId to externalId.'
  }
  else { Write-Warning 'There is no mapping to externalId. Add one from objectId under Attribute mapping.' }

  if ($Start) {
    $null = Invoke-Graph POST "$base/jobs/$($job.id)/start"
    Write-Host 'Started provisioning.'
  }
}

Write-Host @"

Done. Enter this at $Console

  Directory (tenant) ID     $TenantId
  Application (client) ID   $appId
  Client secret             $($password.secretText)

The client secret is not shown again, and expires in a year. What is left to do in the portal: assign users and groups
under Users and groups$(if ($SkipProvisioning -or $Start) { '.' } else { ', then Start provisioning.' })
"@
`
}
