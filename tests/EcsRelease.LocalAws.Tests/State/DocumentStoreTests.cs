using System.Text.Json.Nodes;
using EcsRelease.LocalAws.State;
using EcsRelease.LocalAws.Tests.Support;
using Microsoft.Data.Sqlite;

namespace EcsRelease.LocalAws.Tests.State;

[Parallelizable(ParallelScope.All)]
public class DocumentStoreTests
{
    [Test]
    public void Documents_are_listed_by_prefix_in_the_order_of_their_keys()
    {
        using var folder = new TemporaryFolder();
        using var store = new SqliteDocumentStore(folder.In("state.db"));
        foreach (var key in (string[])["b/2", "a/1", "b/10", "B/1", "b_1"])
            store.Put("task", key, new JsonObject { ["key"] = key });
        store.Put("service", "b/3", []);

        store.List("task", "b/").Select(document => document["key"]!.GetValue<string>()).Should().Equal("b/10", "b/2");
    }

    [Test]
    public void Changing_a_document_that_was_handed_out_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        using var store = new SqliteDocumentStore(folder.In("state.db"));
        store.Put("task", "1", new JsonObject { ["status"] = "PENDING" });

        store.Get("task", "1")!["status"] = "RUNNING";

        store.Get("task", "1")!["status"]!.GetValue<string>().Should().Be("PENDING");
    }

    [Test]
    public void A_failed_transaction_leaves_nothing_and_a_nested_one_takes_only_itself_back()
    {
        using var folder = new TemporaryFolder();
        using var store = new SqliteDocumentStore(folder.In("state.db"));

        var whole = () => store.InTransaction<int>(() =>
        {
            store.Put("task", "1", []);
            throw new InvalidOperationException("stop");
        });
        whole.Should().Throw<InvalidOperationException>();
        store.InTransaction(() =>
        {
            store.Put("task", "2", []);
            var inner = () => store.InTransaction<int>(() =>
            {
                store.Put("task", "3", []);
                throw new InvalidOperationException("stop");
            });
            inner.Should().Throw<InvalidOperationException>();
            return 0;
        });

        store.Get("task", "1").Should().BeNull();
        store.Get("task", "2").Should().NotBeNull();
        store.Get("task", "3").Should().BeNull();
    }

    [Test]
    public void Sequences_go_on_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        using (var store = new SqliteDocumentStore(folder.In("state.db")))
            (store.Next("revision:web"), store.Next("revision:web"), store.Next("revision:api")).Should().Be((1, 2, 1));

        using var reopened = new SqliteDocumentStore(folder.In("state.db"));

        reopened.Next("revision:web").Should().Be(3);
    }

    [Test]
    public void Transactions_of_two_threads_exclude_each_other()
    {
        using var folder = new TemporaryFolder();
        using var store = new SqliteDocumentStore(folder.In("state.db"));
        store.Put("count", "all", new JsonObject { ["value"] = 0 });

        Parallel.For(0, 200, _ => store.InTransaction(() =>
        {
            var value = store.Get("count", "all")!["value"]!.GetValue<int>();
            store.Put("count", "all", new JsonObject { ["value"] = value + 1 });
            return 0;
        }));

        store.Get("count", "all")!["value"]!.GetValue<int>().Should().Be(200);
    }

    [Test]
    public void A_damaged_state_names_the_command_that_starts_afresh()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("state.db"), new string('x', 5000));

        var open = () => new SqliteDocumentStore(folder.In("state.db"));

        open.Should().Throw<LocalAwsException>().WithMessage("ECSR6103: *`ecs-release local reset`*");
    }

    [Test]
    public void A_state_of_a_newer_version_is_left_alone()
    {
        using var folder = new TemporaryFolder();
        new SqliteDocumentStore(folder.In("state.db")).Dispose();
        using (var connection = new SqliteConnection($"Data Source={folder.In("state.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version=99";
            command.ExecuteNonQuery();
        }

        var open = () => new SqliteDocumentStore(folder.In("state.db"));

        open.Should().Throw<LocalAwsException>().WithMessage("ECSR6104: *schema 99*Update the tool*");
    }
}
