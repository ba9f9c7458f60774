"""One policy of each level, over the properties of echo's things."""

from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)

THING = "echo:index:Thing"


def forbidden(args: ResourceValidationArgs, report: ReportViolation) -> None:
    if args.resource_type == THING and args.props.get("value") == args.get_config()["word"]:
        report("this word is forbidden")


def advised(args: ResourceValidationArgs, report: ReportViolation) -> None:
    if args.resource_type == THING and args.props.get("value") == "advised against":
        report("rather not")


def stamped(args: ResourceValidationArgs) -> dict[str, Any] | None:
    if args.resource_type == THING and args.props.get("value") == "stamp me":
        args.props["stamp"] = "stamped"  # a changed copy would lose what is secret
        return args.props
    return None


def counted(args: StackValidationArgs, report: ReportViolation) -> None:
    things = [resource for resource in args.resources if resource.resource_type == THING]
    if len(things) > 2:
        report(f"{len(things)} things are too many")


PolicyPack(
    "echo-pack",
    [
        ResourceValidationPolicy(
            "forbidden",
            "A word is forbidden.",
            forbidden,
            EnforcementLevel.MANDATORY,
            config_schema=PolicyConfigSchema({"word": {"type": "string", "default": "forbidden"}}),
        ),
        ResourceValidationPolicy("advised", "A word is advised against.", advised),
        ResourceValidationPolicy(
            "stamped", "What asks for it is stamped.", None, EnforcementLevel.REMEDIATE, remediate=stamped
        ),
        StackValidationPolicy("counted", "Two things are enough.", counted, EnforcementLevel.MANDATORY),
    ],
)
