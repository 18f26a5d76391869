namespace GpuDiag.Analyses.Gallery;

/// <summary>
/// The <c>capacity</c> worst errors (<see cref="ChosenError.WorstFirst"/>). A total order, so any split and any merge
/// give the same.
/// </summary>
internal sealed class WorstErrors(int capacity)
{
    private readonly List<ChosenError> errors = [];
    private bool isFull;

    public void Add(in ChosenError error)
    {
        // After a cut the last of the sorted front is the best that is kept: nothing behind it can enter.
        if (isFull && ChosenError.WorstFirst(error, errors[capacity - 1]) > 0)
        {
            return;
        }

        errors.Add(error);
        if (errors.Count >= 2 * capacity)
        {
            Cut();
        }
    }

    public void Merge(WorstErrors other)
    {
        errors.AddRange(other.errors);
        Cut();
    }

    /// <summary>Worst first.</summary>
    public IReadOnlyList<ChosenError> Finish()
    {
        Cut();
        return errors;
    }

    private void Cut()
    {
        errors.Sort(ChosenError.WorstFirst);
        isFull = errors.Count >= capacity;
        if (errors.Count > capacity)
        {
            errors.RemoveRange(capacity, errors.Count - capacity);
        }
    }
}
