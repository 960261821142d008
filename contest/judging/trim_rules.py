"""Which marks of a panel the plan leaves out, for a page that says so in words."""


def left_out(panel, values):
    """{index: "highest" | "lowest"} of the values (in the seats' order, None: struck out) that do not count.

    Of equal values it makes no difference which one is named. Nothing is said where it depends on
    more than the order of the values.
    """
    if panel.by_order or panel.weights or panel.tolerance:
        return {}
    order = sorted(
        (index for index, value in enumerate(values) if value is not None),
        key=lambda index: values[index],
    )
    low, high = panel.drops(len(order))
    if len(order) <= low + high:
        return {}
    lowest = {index: "lowest" for index in order[:low]}
    return lowest | {index: "highest" for index in order[len(order) - high:]}
