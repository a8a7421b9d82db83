"""The form of the law as code: rules, figures, facts, questions."""
