#!/usr/bin/env bash
# Releases a small service of its own in a real account and cleans up after itself: create, release, the same commit,
# a bad release, rollback. Opt-in: it costs a few minutes of a Fargate task. Needs git, the .NET 10 SDK and the AWS CLI.
#
#   ECS_ACCEPTANCE_EXECUTION_ROLE=ecsTaskExecutionRole ECS_ACCEPTANCE_SUBNETS='subnet-1;subnet-2' tests/aws-acceptance.sh
#   tests/aws-acceptance.sh --target local        # the same against the local AWS
#
# ECS_ACCEPTANCE_CLUSTER (default: default) must exist. ECS_ACCEPTANCE_SECURITY_GROUPS is optional. Tasks get a public
# IP, so that they reach ECR from a public subnet. Credentials and region as the AWS CLI finds them.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
target=aws
[ "${1:-}" = --target ] && target=${2:?aws or local}
cluster=${ECS_ACCEPTANCE_CLUSTER:-default}
name=ecs-release-acceptance-$$-$RANDOM
work=$(mktemp -d)

dotnet build "$root/src/EcsRelease.Tool" -c Release --nologo -v quiet
[ "$target" = local ] && dotnet build "$root/src/EcsRelease.LocalAws" -c Release --nologo -v quiet
ecs_release() { dotnet "$root/src/EcsRelease.Tool/bin/Release/net10.0/ecs-release.dll" "$@"; }

flags=(--target "$target" --cluster "$cluster" --service "$name")
if [ "$target" = local ]; then
  eval "$(ecs_release local up >/dev/null && ecs_release local env)"
  creation=()
else
  creation=(--create-service --create-repository --assign-public-ip
    --execution-role "${ECS_ACCEPTANCE_EXECUTION_ROLE:?the task execution role}" --subnets "${ECS_ACCEPTANCE_SUBNETS:?subnets, separated by ;}")
  [ -n "${ECS_ACCEPTANCE_SECURITY_GROUPS:-}" ] && creation+=(--security-groups "$ECS_ACCEPTANCE_SECURITY_GROUPS")
fi

clean_up() {
  code=$?
  set +e
  echo "cleaning up $name"
  aws ecs delete-service --cluster "$cluster" --service "$name" --force >/dev/null 2>&1
  for arn in $(aws ecs list-task-definitions --family-prefix "$name" --query 'taskDefinitionArns[]' --output text 2>/dev/null); do
    aws ecs deregister-task-definition --task-definition "$arn" >/dev/null
  done
  aws ecr delete-repository --repository-name "$name" --force >/dev/null 2>&1
  aws logs delete-log-group --log-group-name "/ecs/$name" >/dev/null 2>&1
  rm -rf "$work"
  [ $code = 0 ] && echo "passed: create, release, same commit, bad release, rollback ($target)" || echo "failed with exit code $code"
}
trap clean_up EXIT

# commit TEXT: the service answers TEXT; CRASH ends it at its start.
commit() {
  printf '%s\n' 'var app = WebApplication.CreateBuilder(args).Build();' \
    "$([ "$1" = CRASH ] && echo 'if (args.Length == 0) throw new System.InvalidOperationException("a bad release, on purpose");')" \
    "app.MapGet(\"/\", () => \"$1\");" 'app.Run();' >"$work/Program.cs"
  git -C "$work" add -A
  git -C "$work" -c user.name=acceptance -c user.email=acceptance@localhost -c commit.gpgsign=false commit -qm "$1"
  git -C "$work" rev-parse HEAD
}

# expect WHAT CODE OUTCOME ARGUMENTS...: runs the tool, compares its exit code and the outcome of its record.
expect() {
  local what=$1 code=$2 outcome=$3 record found actual=0
  shift 3
  echo "== $what"
  record=$(cd "$work" && ecs_release "$@" --json) || actual=$?
  found=$(sed -n 's/^  "outcome": "\(.*\)",$/\1/p' <<<"$record")
  [ "$actual" = "$code" ] && [ "$found" = "$outcome" ] && return
  echo "$what: exit code $actual and outcome '$found', not $code and '$outcome'" >&2
  return 1
}

live() { ecs_release status "${flags[@]}" --json | sed -n 's/^  "commit": "\(.*\)",$/\1/p'; }

cat >"$work/Acceptance.csproj" <<'PROJECT'
<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
</Project>
PROJECT
printf 'bin/\nobj/\n' >"$work/.gitignore"
git -C "$work" init -q
[ "$target" = local ] || aws logs create-log-group --log-group-name "/ecs/$name"

first=$(commit one)
expect 'create the service' 0 succeeded deploy "${flags[@]}" --repository "$name" ${creation[@]+"${creation[@]}"}
second=$(commit two)
expect 'release a change' 0 succeeded deploy "${flags[@]}" --repository "$name"
expect 'release the same commit again' 0 unchanged deploy "${flags[@]}" --repository "$name"
commit CRASH >/dev/null
expect 'a bad release is rolled back, and said so' 6 rolledBack deploy "${flags[@]}" --repository "$name"
[ "$(live)" = "$second" ] || { echo "live is $(live), not $second" >&2; exit 1; }
expect 'roll back to the first commit' 0 succeeded rollback "${first:0:12}" "${flags[@]}"
[ "$(live)" = "$first" ] || { echo "live is $(live), not $first" >&2; exit 1; }
