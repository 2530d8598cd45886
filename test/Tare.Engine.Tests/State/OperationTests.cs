// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Containers;
using Tare.Engine.State;

namespace Tare.Engine.Tests.State;

public sealed class OperationTests : IDisposable
{
    private readonly TemporaryEngine _temporary = new();
    private readonly string _id = ContainerId.Create().Text;

    private string File => $"{_temporary.Run}/ops/{_id}";

    [Fact]
    public void Only_what_is_complete_loses_its_name()
    {
        Operation.Begin(_temporary.Engine.Folders, _id).Dispose();
        Assert.True(System.IO.File.Exists(File));

        using Operation again = Operation.TryBegin(_temporary.Engine.Folders, _id)!;
        again.Complete();
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public void What_is_left_to_the_next_keeps_its_name_and_is_free()
    {
        using Operation operation = Operation.Begin(_temporary.Engine.Folders, _id);
        operation.LeaveToNext();
        operation.Complete();

        Assert.True(System.IO.File.Exists(File));
        Assert.True(Recovery.Finish(_temporary.Engine, Id(_id)));
        Assert.False(System.IO.File.Exists(File));
    }

    public void Dispose() => _temporary.Dispose();

    private static ContainerId Id(string text) => ContainerId.TryParse(text, out ContainerId id) ? id : throw new FormatException(text);
}
