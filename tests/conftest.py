"""What every test has at hand."""

pytest_plugins = ["tests.harness.database"]
