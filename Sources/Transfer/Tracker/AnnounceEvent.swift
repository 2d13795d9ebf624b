/// What has happened since the last announce (BEP 3); a regular announce has none.
public enum AnnounceEvent: String, Hashable, Sendable {
  case started, completed, stopped
}
