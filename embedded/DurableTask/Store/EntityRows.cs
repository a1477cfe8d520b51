using Serverless.Embedded.DurableTask.History;

namespace Serverless.Embedded.DurableTask.Store;

/// <summary>An entity: its serialised state, null for none, and who has it locked, null for nobody.</summary>
internal sealed record EntityRow(string EntityId, string? State, EntityCaller? Holder);

/// <summary>A message in an entity's inbox, in effect from <paramref name="VisibleAt"/> on (null: at once).</summary>
internal sealed record EntityMail(long Id, string EntityId, DateTime? VisibleAt, EntityMessage Message);
