def draw(*a, **k):
    return None
