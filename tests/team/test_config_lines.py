from tools.team.model import PipelineFile, PipelineStep, TeamFiles
from tools.team.show import config_lines


def test_the_steps_in_force_are_shown() -> None:
    pipeline = PipelineFile(name="ours", steps=(PipelineStep(name="test", task="Write tests.", timeout=5),))

    lines = config_lines(TeamFiles(pipeline=pipeline))

    assert 'pipeline.name: "ours"' in lines
    assert 'pipeline.steps.test.task: "Write tests."' in lines
    assert "pipeline.steps.test.timeout: 5.0" in lines
