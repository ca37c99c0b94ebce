"""Whatever a function does and whatever arrives: the replay and real Spark tell the same story.

CI always takes the same examples, for a few minutes. By hand more and others: SPARK_EXAMPLES=500 pytest -m spark
"""

import os

from hypothesis import HealthCheck, Phase, given, settings

from tests.spark.processors import processor_scenarios
from tests.spark.programs import apply_in_pandas_scenarios, update_state_scenarios
from tests.spark.values import columns_of_every_type, frames_of_anything

MORE = os.environ.get("SPARK_EXAMPLES")


def examples(usual):
    """Settings for so many examples; a failing one is told as it is found: to shrink it on Spark takes minutes."""
    return settings(
        max_examples=int(MORE or usual),
        derandomize=MORE is None,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink] if MORE else [Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@examples(12)
@given(scenario=update_state_scenarios())
def test_any_update_state_does_here_what_it_does_on_the_jvm(judge, scenario):
    judge(scenario)


@examples(12)
@given(scenario=apply_in_pandas_scenarios())
def test_any_pandas_function_does_here_what_it_does_on_spark(judge, scenario):
    judge(scenario)


@examples(6)
@given(scenario=processor_scenarios("transformWithStateInPandas"))
def test_any_processor_of_frames_does_here_what_it_does_on_spark(judge, scenario):
    judge(scenario)


@examples(6)
@given(scenario=processor_scenarios("transformWithState"))
def test_any_processor_of_rows_does_here_what_it_does_on_spark(judge, scenario):
    judge(scenario)


@examples(8)
@given(scenario=columns_of_every_type())
def test_columns_of_any_types_look_to_the_function_as_on_spark(judge, scenario):
    judge(scenario)


@examples(8)
@given(scenario=frames_of_anything())
def test_frames_of_any_values_become_the_rows_or_the_error_of_spark(judge, scenario):
    judge(scenario)
