export default function P() {
  return <h1>new-platform</h1>;
}
