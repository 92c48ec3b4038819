/// How long a client may take, and how often it is started again.
///
/// | name | unit |
/// |---|---|
/// | `start`: from its start, or the listening, to its connection | s |
/// | `evaluation`: for one evaluation; nil for any time | s |
/// | `restarts`: how often one evaluation is tried again with a new client | - |
public struct ClientLimits: Sendable, Hashable {
  public var start = 180.0
  public var evaluation: Double? = 3600
  public var restarts = 2

  public init() {}
}
