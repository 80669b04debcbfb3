export default function P() {
  return <h1>access</h1>;
}
