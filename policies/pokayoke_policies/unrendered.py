"""Charts of `helm.sh/v4` whose objects are not there, judged by what they state themselves, as releases are.

pulumi-kubernetes (9497796, `provider/pkg/provider/helm/v4/chart.go`) registers a chart without its inputs, and without
its objects where one of the inputs is unknown. Then an engine shows no more than that there is a chart, the provider
warns "Preview is incomplete", and its objects are judged in `up`. Where inputs are shown, too, they are judged.
"""

from collections.abc import Iterator
from dataclasses import replace

from pokayoke_eks.rules.finding import Finding

from .inventory import is_rendered
from .objects import CHART, RELEASE
from .policy import Question, Rule, questions
from .raw import over
from .stack import Member, Stack


def with_charts(rule: Rule) -> Rule:
    """The rule, asking of such a chart what it asks of a release; of one with objects these are asked."""

    def by_values(stack: Stack) -> Iterator[tuple[str, Finding]]:
        charts = (one for one in stack.of_type(CHART) if not is_rendered(stack, one))
        yield from over(charts, lambda chart: _asked(rule, chart))

    return replace(rule, stack=(*rule.stack, by_values))


def _asked(rule: Rule, chart: Member) -> Iterator[tuple[str, Finding]]:
    def answered(question: Question) -> Iterator[tuple[str, Finding]]:
        place, judge, properties = question
        for finding in judge(properties):
            yield chart.urn, finding.at(place)

    asked = questions(rule, rule.of_type(RELEASE), RELEASE, lambda: chart.properties, protected=chart.protected)
    yield from over(asked, answered)
